import { expect, it } from "vitest";
import { clientAddress } from "./client-address";

const from = (value: string | null) => ({ get: () => value });

it.each([
  ["198.51.100.7", 1, "198.51.100.7"],
  ["10.0.0.1, 198.51.100.7", 1, "198.51.100.7"],
  ["6.6.6.6, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"],
  ["198.51.100.7:4711", 1, "198.51.100.7"],
  ["::ffff:198.51.100.7", 1, "198.51.100.7"],
  ["2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::/64"],
  ["[2001:db8:1:2::9]:443", 1, "2001:db8:1:2::/64"],
])("%s through %i proxies is %s", (header, trustedProxies, expected) => {
  expect(clientAddress(from(header), { trustedProxies })).toBe(expected);
});

it.each([
  ["198.51.100.7", 0],
  ["198.51.100.7", 2],
  ["", 1],
  [null, 1],
  ["unknown", 1],
  ["<script>", 1],
])("%j through %i proxies cannot be known", (header, trustedProxies) => {
  expect(clientAddress(from(header), { trustedProxies })).toBeNull();
});

it("takes two machines of one IPv6 household for one", () => {
  const one = clientAddress(from("2001:db8:1:2::1"), { trustedProxies: 1 });
  const other = clientAddress(from("2001:db8:1:2:ffff::2"), { trustedProxies: 1 });
  expect(one).toBe(other);
});
