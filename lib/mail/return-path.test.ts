import { expect, test } from "vitest";
import { parseAddress } from "@/lib/subscribers/address";
import { noticeReturnPath, readReturnPath, returnPath } from "./return-path";

const bounceDomain = "bounce.example.com";
const own = { bounceDomain, secret: "s".repeat(40) };

test("each delivery has an address of its own, that mail servers take, and it names the delivery again", () => {
  const ids = [1n, 42n, 999_999_999_999_999_999n];
  const addresses = ids.map((id) => returnPath(id, own));
  expect(new Set(addresses).size).toBe(ids.length);
  for (const [index, address] of addresses.entries()) {
    expect(address).toMatch(/^b\+\d+\.[a-z2-7]{10}@bounce\.example\.com$/);
    expect(parseAddress(address)).toMatchObject({ ok: true });
    expect(address.indexOf("@")).toBeLessThanOrEqual(64);
    expect(readReturnPath(address, own)).toEqual({ deliveryId: ids[index] });
    expect(readReturnPath(address.toUpperCase(), own)).toEqual({ deliveryId: ids[index] });
  }
});

const NOTICE = "01995f3e-1c2d-7abc-8def-0123456789ab";

test("a notice has an address of its own too, which names that notice", () => {
  const address = noticeReturnPath(NOTICE, own);
  expect(address).toMatch(/^n\+[0-9a-f]{32}\.[a-z2-7]{10}@bounce\.example\.com$/);
  expect(parseAddress(address)).toMatchObject({ ok: true });
  expect(address.indexOf("@")).toBeLessThanOrEqual(64);
  expect(readReturnPath(address.toUpperCase(), own)).toEqual({ noticeId: NOTICE });
  expect(noticeReturnPath(NOTICE)).toBe("weekly@masthead.test");
});

test("the mark of a delivery opens no notice of the same number, nor the other way round", () => {
  const digits = "1".repeat(32);
  const notice = noticeReturnPath(digits, own);
  const delivery = returnPath(BigInt("1".repeat(18)), own);
  expect(readReturnPath(notice.replace(/^n/, "b"), own)).toBeNull();
  expect(readReturnPath(delivery.replace(/^b/, "n"), own)).toBeNull();
});

test("without a domain for bounces they go to MAIL_FROM, and no address names a delivery", () => {
  expect(returnPath(1n)).toBe("weekly@masthead.test");
  expect(readReturnPath(returnPath(1n, own))).toBeNull();
});

const real = returnPath(42n, own);
const mark = real.slice(real.indexOf(".") + 1, real.indexOf("@"));

test.each([
  ["another delivery's mark", `b+43.${mark}@${bounceDomain}`],
  ["another installation's mark", returnPath(42n, { ...own, secret: "t".repeat(40) })],
  ["a number with a zero before it", `b+042.${mark}@${bounceDomain}`],
  ["no mark", `b+42@${bounceDomain}`],
  ["an empty mark", `b+42.@${bounceDomain}`],
  ["a mark cut short", `b+42.${mark.slice(0, 9)}@${bounceDomain}`],
  ["a mark that is too long", `b+42.${mark}a@${bounceDomain}`],
  ["another domain", `b+42.${mark}@example.com`],
  ["a domain that only begins alike", `b+42.${mark}@${bounceDomain}.evil.example`],
  ["two addresses", `${real},${real}`],
  ["a quoted form", `"b+42.${mark}"@${bounceDomain}`],
  ["a line break", `${real}\r\n`],
  ["a notice's number and a delivery's mark", `n+${"0".repeat(32)}.${mark}@${bounceDomain}`],
  ["a notice's number cut short", noticeReturnPath(NOTICE, own).replace("n+0", "n+")],
  ["a huge number", `b+${"9".repeat(40)}.${mark}@${bounceDomain}`],
  ["nothing", ""],
])("an address with %s names nothing", (_name, address) => {
  expect(readReturnPath(address, own)).toBeNull();
});
