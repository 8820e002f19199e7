import { expect, test } from "vitest";
import { listHeaders, summarizeHeader } from "./header";

const source = Buffer.from(
  [
    "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=",
    " =?utf-8?B?IGF1cyBLw7Zsbg==?=",
    "X-Empty:",
    "Message-Id:",
    " <one@example.com>",
    "date: Fri, 20 Nov 2026 09:00:00 +0100",
    "no header at all",
    "",
    "Subject: in the body",
  ].join("\r\n"),
);

test("folded and encoded headers are read whole, the body is not", () => {
  expect(summarizeHeader(source)).toEqual({
    subject: "Grüße aus Köln",
    messageId: "<one@example.com>",
    date: "2026-11-20T08:00:00.000Z",
  });
});

test("headers keep their order and spelling", () => {
  expect(listHeaders(source).map(({ name }) => name)).toEqual(["Subject", "X-Empty", "Message-Id", "date"]);
});

test("a message without headers, or with a date that is none, has none", () => {
  expect(summarizeHeader(Buffer.from("Date: soon\r\n\r\nx"))).toEqual({
    subject: "",
    messageId: null,
    date: null,
  });
});
