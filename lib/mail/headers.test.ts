import libmime from "libmime";
import { describe, expect, test } from "vitest";
import { encodeText, issueHeaders, issueMessageId, noticeHeaders, writeHeaders } from "./headers";

const secret = "s".repeat(40);
const base = {
  issueId: "0193-a",
  sender: { name: "The Gazette", address: "weekly@news.example.com", replyTo: "tess@example.com" },
  to: "reader@example.net",
  subject: "Issue 4",
  messageId: "<a.b@news.example.com>",
  date: new Date("2026-11-20T09:00:00Z"),
  publicationName: "The Gazette",
  publicUrl: "https://news.example.com",
  oneClickUrl: "https://news.example.com/api/unsubscribe?token=abc",
};

test("an issue carries what lists carry (RFC 2369, 2919, 8058)", () => {
  expect(Object.fromEntries(issueHeaders(base))).toEqual({
    From: "The Gazette <weekly@news.example.com>",
    "Reply-To": "tess@example.com",
    To: "reader@example.net",
    Subject: "Issue 4",
    Date: "Fri, 20 Nov 2026 09:00:00 +0000",
    "Message-ID": "<a.b@news.example.com>",
    "List-Id": "The Gazette <weekly.news.example.com>",
    "List-Unsubscribe": "<https://news.example.com/api/unsubscribe?token=abc>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "List-Archive": "<https://news.example.com/archive>",
    "Feedback-ID": "0193-a:weekly:newsletter:newsexamplecom",
    Precedence: "bulk",
    "X-Auto-Response-Suppress": "OOF, AutoReply",
  });
});

test.each([
  ["weekly@a.io", "aioma"],
  ["weekly@a-very-long-domain.newsletters.example.com", "averylongdomain"],
])("the sender %s is named to Gmail in 5 to 15 letters", (address, name) => {
  const headers = Object.fromEntries(issueHeaders({ ...base, sender: { ...base.sender, address } }));
  expect(headers["Feedback-ID"]?.split(":")).toEqual(["0193-a", "weekly", "newsletter", name]);
});

test("a list without a domain of its own is named after the sender's", () => {
  const headers = Object.fromEntries(issueHeaders({ ...base, publicUrl: "http://127.0.0.1:3000" }));
  expect(headers["List-Id"]).toBe("The Gazette <weekly.news.example.com>");
});

test("a notice asks machines not to answer and names no list", () => {
  const { oneClickUrl: _none, ...notice } = base;
  const headers = Object.fromEntries(noticeHeaders(notice));
  expect(headers["Auto-Submitted"]).toBe("auto-generated");
  expect(Object.keys(headers).some((name) => name.startsWith("List-"))).toBe(false);
});

test("a notice that begins a subscription can be left by one click, and is no list's for that", () => {
  const headers = Object.fromEntries(noticeHeaders(base));
  expect(headers).toMatchObject({
    "List-Unsubscribe": `<${base.oneClickUrl}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  });
  expect(Object.keys(headers)).not.toContain("List-Id");
});

test("a Message-ID is the same each time and differs by issue, reader and installation", () => {
  const of = (issue: string, reader: string, own = secret) =>
    issueMessageId(issue, reader, { mailFrom: "weekly@example.com", secret: own });
  expect(of("i1", "r1")).toMatch(/^<i1\.[0-9a-f]{20}@example\.com>$/);
  expect(of("i1", "r1")).toBe(of("i1", "r1"));
  expect(new Set([of("i1", "r1"), of("i2", "r1"), of("i1", "r2"), of("i1", "r1", "t".repeat(40))]).size).toBe(
    4,
  );
});

describe("words in headers", () => {
  test.each([
    ["plain words", "Plain words: with 3 signs & more"],
    ["accents", "Naïve café, déjà vu"],
    ["emoji and long", `${"🗞️ Nachrichten für alle ".repeat(20)}Ende`],
    ["something that looks encoded", "=?UTF-8?B?aGFjaw==?="],
    ["a very long word", "a".repeat(300)],
    ["many words", "words and words ".repeat(40).trim()],
  ])("%s come back as they were, in short lines", (_name, subject) => {
    const written = encodeText(subject);
    const lines = `Subject: ${written}`.split("\r\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(85);
    expect(libmime.decodeWords(written.replace(/\r\n /g, " "))).toBe(subject.trim());
  });

  test("line breaks in a subject become spaces", () => {
    expect(encodeText("One\r\nBcc: evil@example.com")).toBe("One Bcc: evil@example.com");
  });
});

test.each([
  ["To", "a@x.test\r\nBcc: evil@z.test"],
  ["To", "a@x.test\nBcc: evil@z.test"],
  ["Message-ID", "<a@x>\r"],
  ["To", "ä@x.test"],
  ["Bad name", "value"],
])("a header %s with a smuggled line is refused", (name, value) => {
  expect(() => writeHeaders([[name, value]])).toThrow(RangeError);
});

test.each([
  ["The Gazette", "The Gazette <"],
  ['Tess "T" Author', '"Tess \\"T\\" Author" <'],
  ["Gazette, the", '"Gazette, the" <'],
  ["Zeitung für alle", "=?UTF-8?B?"],
])("the sender's name %j is written so that it stays one name", (name, beginning) => {
  const [, from] = issueHeaders({ ...base, sender: { ...base.sender, name } })[0] ?? [];
  expect(from?.startsWith(beginning)).toBe(true);
});
