import { describe, expect, it } from "vitest";
import { isRoleAddress, mailboxKey, maskAddress, parseAddress } from "./address";

const local64 = "a".repeat(64);
const label63 = "b".repeat(63);

describe("addresses that are taken", () => {
  it.each([
    ["reader@example.com", "reader@example.com"],
    ["  Reader@Example.COM \n", "reader@example.com"],
    ["a+tag@x.test", "a+tag@x.test"],
    ["a.b@gmail.com", "a.b@gmail.com"],
    ["o'brien@example.co.uk", "o'brien@example.co.uk"],
    ["first_last-1@sub.example.museum", "first_last-1@sub.example.museum"],
    [`${local64}@example.com`, `${local64}@example.com`],
    [`a@${label63}.test`, `a@${label63}.test`],
    ["a@bücher.test", "a@xn--bcher-kva.test"],
    ["a@BÜCHER.test", "a@xn--bcher-kva.test"],
    ["a@xn--bcher-kva.test", "a@xn--bcher-kva.test"],
    ["a@пример.рф", "a@xn--e1afmkfd.xn--p1ai"],
  ])("%j is kept as %s", (typed, email) => {
    expect(parseAddress(typed)).toEqual({ ok: true, email });
  });
});

describe("addresses that are refused", () => {
  it.each([
    ["nothing", ""],
    ["spaces alone", "   "],
    ["a header after a line break", "a@x.test\r\nBcc: e@z.test"],
    ["a bare line feed inside", "a@x.test\n,b@z.test"],
    ["a line break in the name", "a\nb@x.test"],
    ["an encoded line break", "a%0d%0a@x.test\0"],
    ["a NUL", "a\0@x.test"],
    ["a line separator", "a\u2028@x.test"],
    ["two with a comma", "a@x.test,b@z.test"],
    ["two with a semicolon", "a@x.test;b@z.test"],
    ["a name beside it", "Bob <a@x.test>"],
    ["a group", "g:a@x.test,b@z.test;"],
    ["a quoted name", '"e@attacker.test"@victim.test'],
    ["a comment", "a@evil.test(c)@x.test"],
    ["a comment in the domain", "a@x.test(c)"],
    ["a full-width @", "a\uff20x.test"],
    ["full-width letters", "a@\uff45xample.test"],
    ["full-width name", "\uff41@example.test"],
    ["an ideographic dot", "a@example\u3002test"],
    ["a half-width dot", "a@example\uff61test"],
    ["text turned around", "a@example\u202e.test"],
    ["a zero-width space", "a@exam\u200bple.test"],
    ["a zero-width joiner in the name", "a\u200d@example.test"],
    ["a ligature in the domain", "a@o\ufb03ce.test"],
    ["a letter in a circle", "a@\u24d4xample.test"],
    ["a name beyond 64", `${local64}a@example.com`],
    ["a label beyond 63", `a@${label63}b.test`],
    ["320 characters", `${local64}@${"c".repeat(250)}.test`],
    [
      "255 characters",
      `${local64}@${"c".repeat(60)}.${"d".repeat(60)}.${"e".repeat(60)}.${"f".repeat(3)}.test`,
    ],
    ["a megabyte", `${"a".repeat(1_000_000)}@example.com`],
    ["a host without a dot", "a@localhost"],
    ["an address literal", "a@[127.0.0.1]"],
    ["an IPv4 address", "a@1.2.3.4"],
    ["a dot at the end", "a@x."],
    ["a dot after the domain", "a@x.test."],
    ["two dots in the domain", "a@x..test"],
    ["two dots in the name", "a..b@x.test"],
    ["a dot before the @", "a.@x.test"],
    ["a dot at the beginning", ".a@x.test"],
    ["a dash before the dot", "a@x-.test"],
    ["a dash after the @", "a@-x.test"],
    ["a TLD of digits", "a@x.123"],
    ["a TLD of one letter", "a@x.t"],
    ["no @", "reader.example.com"],
    ["nothing before the @", "@example.com"],
    ["nothing after the @", "reader@"],
    ["two @", "a@b@example.com"],
    ["a space inside", "a b@example.com"],
    ["a tab inside", "a\t@example.com"],
    ["an umlaut before the @", "jürgen@example.com"],
    ["an emoji", "😀@example.com"],
    ["half a surrogate pair", "a@\ud83dexample.test"],
    ["a backslash", "a\\@example.com"],
    ["a scheme", "mailto:a@example.com"],
  ])("%s", (_what, typed) => {
    const result = parseAddress(typed);
    expect(result.ok).toBe(false);
    expect(result.ok ? "" : result.problem).toMatch(/[.]$/);
  });

  it.each([[undefined], [null], [7], [["a@x.test"]], [{ startsWith: "" }], [{ toString: () => "a@x.test" }]])(
    "%j is no text",
    (value) => {
      expect(parseAddress(value).ok).toBe(false);
    },
  );
});

it("knows addresses that reach a duty and not a person", () => {
  expect(
    ["abuse@x.test", "noreply@x.test", "no-reply+a@x.test", "postmaster@x.test"].filter(isRoleAddress),
  ).toHaveLength(4);
  expect(["reader@x.test", "abused@x.test", "info@x.test"].filter(isRoleAddress)).toEqual([]);
});

it.each([
  ["a+tag@x.test", "a@x.test"],
  ["a.b+c@gmail.com", "ab@gmail.com"],
  ["ab@googlemail.com", "ab@gmail.com"],
  ["a.b@x.test", "a.b@x.test"],
])("%s is limited as %s", (email, key) => {
  expect(mailboxKey(email)).toBe(key);
});

it.each([
  ["reader@example.com", "re…@example.com"],
  ["ab@example.com", "a…@example.com"],
  ["a@example.com", "…@example.com"],
])("%s is shown as %s", (email, masked) => {
  expect(maskAddress(email)).toBe(masked);
});
