import { expect, test } from "vitest";
import { maskPersonalText } from "./log";

test.each([
  ["550 5.1.1 <reader@example.net>: unknown", "550 5.1.1 <[address]>: unknown"],
  ["reader@example.net,anna@mail.example.org;", "[address],[address];"],
  ["to=reader@example.net", "[address]"],
  [`${"a".repeat(300)}=example.org@srs.example.net is unknown`, "[address] is unknown"],
  ["reader@@example.net", "reader@@example.net"],
  ["a@b@example.net", "a@[address]"],
  ["user@localhost", "user@localhost"],
  ["see https://example.net/?token=abc&key=def", "see https://example.net/?token=[secret]&key=[secret]"],
  ["Invalid API Key: sk_test_4242", "Invalid API Key: [secret]"],
])("addresses and secrets are masked: %s", (text, masked) => {
  expect(maskPersonalText(text)).toBe(masked);
});

test.each(["a", "a.", "a@a", "a@a.", "@a.", "@", "sk_", "?token=", "=@a"])(
  "whoever writes a text of nothing but %j cannot keep us busy",
  (text) => {
    expect(maskPersonalText(`${text.repeat(2_000_000 / text.length)} reader@example.net`)).toMatch(
      / \[address\]$/,
    );
  },
);
