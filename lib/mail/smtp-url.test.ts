import { expect, test } from "vitest";
import { readSmtpUrl } from "./smtp-url";

test.each([
  ["smtp://mail.example.com", { port: 587, secure: false, requireTLS: false }],
  ["smtp://mail.example.com:25", { port: 25, secure: false, requireTLS: false }],
  ["smtps://mail.example.com", { port: 465, secure: true, requireTLS: false }],
  ["smtp://u:p@mail.example.com", { port: 587, requireTLS: true }],
  ["smtp://u:p@127.0.0.1:2525", { port: 2525, requireTLS: false }],
  ["smtp://mail.example.com?tls=required", { requireTLS: true }],
  ["smtp://u:p@mail.example.com?tls=never", { requireTLS: false, ignoreTLS: true }],
  ["smtp://[::1]:1025", { host: "::1", port: 1025 }],
])("%s", (url, expected) => {
  expect(readSmtpUrl(url).connection).toMatchObject(expected);
});

test("a user's signs are read as they were meant", () => {
  expect(readSmtpUrl("smtp://me%40x.test:p%2Fw@mail.example.com").auth).toEqual({
    user: "me@x.test",
    pass: "p/w",
  });
});

test.each(["http://mail.example.com", "mail.example.com", "", "smtp:"])("%j is refused", (url) => {
  expect(() => readSmtpUrl(url)).toThrow(RangeError);
});
