import { expect, test } from "vitest";
import { complaintReport, reportOf } from "./corpus.fixture";
import { readReport } from "./read-report";

/** As much as is taken of a report. */
const LARGEST = 2_000_000;
/** As much of one text as fills a report. */
const fill = (text: string) => text.repeat(Math.floor(LARGEST / text.length));

const status = (fields: string, type = "message/delivery-status", before: [string, string][] = []) =>
  reportOf({
    to: "b+1.aaaaaaaaaa@bounce.example.com",
    from: "MAILER-DAEMON@mx.example.net",
    subject: "Undelivered",
    reportType: "delivery-status",
    parts: [...before, [type, `Reporting-MTA: dns; mx.example.net\n\n${fields}`]],
  });
const complaint = (
  fields: string[],
  original: string,
  { type = "abuse", as = "message/rfc822" }: { type?: string; as?: string } = {},
) =>
  complaintReport({
    to: "complaints@bounce.example.com",
    from: "loop@yahoo.example",
    type,
    fields,
    original: [as, original],
  });
const exim = (text: string) => `X-Failed-Recipients: reader@example.net\n\n${text}`;
const qmail = (text: string) => `Subject: failure notice\n\nHi. This is the qmail-send program at ${text}`;

test.each<[string, string]>([
  ["Exim: colons without a reply", exim(`    ${fill(": a")}`)],
  ["Exim: blanks", exim(`${fill(" ")}x`)],
  ["Exim: lines without a reply", exim(fill("    a: 55\n"))],
  ["Exim: dashes", exim(fill("-"))],
  ["qmail: no end of its first line", qmail(fill("x"))],
  ["qmail: brackets", qmail(`x\n${fill("<a")}`)],
  ["qmail: addresses alone", qmail(`x\n${fill("<a>:\n")}`)],
  ["qmail: a status without end", qmail(`x\n<a@example.net>:\n#5.${fill("1")}`)],
  ["a status: blanks in a field's name", status(`Action${fill(" ")}`)],
  ["a status: a field that is folded without end", status(`Action: failed\nStatus: 5.1.1${fill("\n ")}`)],
  ["a status: groups", status(fill("Action: x\n\n"))],
  ["a status: a diagnosis of letters", status(`Action: failed\nDiagnostic-Code: ${fill("a")}`)],
  ["a status: a diagnosis of blanks", status(`Action: failed\nDiagnostic-Code: smtp${fill(" ")}x`)],
  ["a complaint: a type of dashes", complaint([], "Subject: Gazette 4", { type: fill("-") })],
  ["a complaint: brackets for an address", complaint([`Original-Mail-From: ${fill("<")}`], "Subject: x")],
  ["a complaint: empty lines before the mail", complaint([], `${fill("\n")}Message-ID: <a@example.com>`)],
])("whoever writes to us cannot keep us busy: %s", async (_name, source) => {
  expect(await readReport(Buffer.from(source))).toHaveProperty("kind");
});

test.each<[string, string]>([
  ["    host mx.example.net [192.0.2.9]: 550 5.1.1 no such user", "550 5.1.1 no such user"],
  ["    SMTP error after RCPT TO:<joe512@example.net>: 550-no\n    550 such user", "550-no"],
  ["    550 no such user", "550 no such user"],
  ["    5.2.2 mailbox full", "5.2.2 mailbox full"],
  ["    host mx.example.net [192.0.2.9]: 450", "450"],
])("Exim's reply is found where Exim writes it: %j", async (line, words) => {
  expect(await readReport(Buffer.from(exim(`  reader@example.net\n${line}\n`)))).toEqual({
    kind: "failure",
    status: null,
    words,
  });
});

test.each([
  "    Unrouteable address",
  "    host mx.example.net: 5.1.1.26 is away",
  "    retry time not reached for any host after 450 minutes",
  "  550 5.1.1 is what I read",
])("no reply is made of other digits: %j", async (line) => {
  expect(await readReport(Buffer.from(exim(`  reader@example.net\n${line}\n`)))).toMatchObject({
    words: null,
  });
});

const FAILED = "Action: failed\nStatus: 5.1.1";
const failure = { kind: "failure", status: "5.1.1" };

test.each<[string, string]>([
  ["in UTF-8", status(FAILED, "message/global-delivery-status")],
  ["in UTF-8, as base64", base64(status(FAILED, "message/global-delivery-status"))],
  ["after a part whose type nobody can read", status(FAILED, "message/delivery-status", [[";", "x"]])],
])("a failure is read %s", async (_name, source) => {
  expect(await readReport(Buffer.from(source))).toMatchObject(failure);
});

/** The same report with its fields in base64, as RFC 6533 allows of those in UTF-8 alone. */
function base64(report: string): string {
  return report.replace(
    /(message\/global-delivery-status)\r\n\r\n([\s\S]*?)(?=\r\n--=_)/,
    (_whole, type, fields) =>
      `${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(fields).toString("base64")}`,
  );
}

test.each([
  "message/rfc822",
  "message/rfc822\nContent-Disposition: inline",
  "message/global",
  "message/global\nContent-Disposition: inline",
  "text/rfc822-headers",
  "message/global-headers",
])("the mail complained about is found as %j", async (as) => {
  const original = "Return-Path: <b+1.aaaaaaaaaa@bounce.example.com>\nMessage-ID: <a@example.com>\n\nHello";
  expect(await readReport(Buffer.from(complaint([], original, { as })))).toEqual({
    kind: "complaint",
    returnPaths: ["b+1.aaaaaaaaaa@bounce.example.com"],
    messageId: "<a@example.com>",
  });
});

test.each<[string, string]>([
  ["a header without end", `X-Long: ${fill("x")}\r\n\r\nHello`],
  [
    "20,000 parts",
    `Content-Type: multipart/mixed; boundary="b"\r\n\r\n${"--b\r\n\r\nx\r\n".repeat(20_000)}--b--\r\n`,
  ],
])("what nobody can take apart is no report: %s", async (_name, source) => {
  expect(await readReport(Buffer.from(source))).toEqual({
    kind: "nothing",
    because: "unreadable",
    reason: "EMAXLEN",
  });
});
