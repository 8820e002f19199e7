import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readDkimKey, signMessage } from "@/lib/mail/dkim";
import { issueHeaders } from "@/lib/mail/headers";
import { prepareBody, writeMessage } from "@/lib/mail/mime";
import { inspectMail, inspectParsed, inspectSenders, inspectSignature, type Readers } from "./mail-check";

const token = (id: string) => `${Buffer.from(`${id}.`).toString("base64url")}.c2lnbmF0dXJl`;
const own = { email: "reader1@x.test", subscriberId: "id-1" };
const other = { email: "reader2@x.test", subscriberId: "id-2" };
const readers: Readers = new Map([own, other].map((reader) => [reader.email, reader]));
const link = (id: string) => `https://x.test/unsubscribe?token=${token(id)}`;

function mail(more: string, html = `<a href="${link("id-1")}">leave</a>`): string {
  const headers = issueHeaders({
    sender: { name: "News", address: "weekly@x.test", replyTo: null },
    to: own.email,
    subject: "Wörter",
    messageId: "<1@x.test>",
    issueId: "issue-1",
    date: new Date(0),
    publicationName: "News",
    publicUrl: "https://x.test",
    oneClickUrl: `https://x.test/api/unsubscribe?token=${token("id-1")}`,
  });
  const body = prepareBody({
    text: `Wörter ${more}\n${link("id-1")}\n--\nx`,
    html: `<p>${more}</p>${html}`,
    seed: "s",
  });
  return writeMessage(headers, body, null).toString("latin1");
}

const inspect = (message: string) => inspectMail(Buffer.from(message, "latin1"), own.email, readers);

test("finds a mail of ours sound, and so does a parser that shares no code with it", async () => {
  expect(inspect(mail("to reader1@x.test, and weekly@x.test"))).toEqual([]);
  expect(await inspectParsed(Buffer.from(mail("and more"), "latin1"), own.email)).toEqual([]);
});

const WITHOUT = (name: string) => (text: string) =>
  text.replace(new RegExp(`^${name}:.*\r\n(?: .*\r\n)*`, "m"), "");
const BROKEN: [fault: string, broken: (text: string) => string][] = [
  ["a line is too long", (text) => text.replace("\r\n\r\n--", `\r\n\r\n${"x".repeat(999)}\r\n--`)],
  ["a line end is not CRLF", (text) => text.replace("MIME-Version: 1.0\r\n", "MIME-Version: 1.0\n")],
  ["an octet is above 127", (text) => text.replace("leave", "läve")],
  ["a field is missing or there twice", WITHOUT("Message-ID")],
  ["a field is missing or there twice", (text) => `Subject: x\r\n${text}`],
  ["To is not the envelope's", (text) => text.replace("To: reader1", "To: reader2")],
  ["no one-click pair", WITHOUT("List-Unsubscribe-Post")],
  ["List-Id names no list", (text) => text.replace(/^List-Id: .*$/m, "List-Id: News")],
  ["a field is missing or there twice", WITHOUT("Feedback-ID")],
  ["a field is missing or there twice", (text) => `List-Id: <weekly.x.test>\r\n${text}`],
  ["Feedback-ID names no sender", (text) => text.replace(/^Feedback-ID: .*$/m, "Feedback-ID: a:b:c:")],
  ["no text part", (text) => text.replace("text/plain", "text/other")],
  ["no HTML, or too much", (text) => text.replace("text/html", "text/other")],
];

test.each(BROKEN)("finds %s", (fault, broken) => {
  expect(inspect(broken(mail("x")))).toContain(fault);
});

test.each([
  ["another reader's address", "from Reader2@x.test"],
  ["another reader's token", link("id-2")],
  ["another reader's name", "Dear name-of-2-reader"],
])("finds %s, however it was encoded", (fault, words) => {
  expect(inspect(mail(words))).toEqual([fault]);
});

test("finds a mail that nobody can leave, and one that is too large", () => {
  expect(inspect(mail("x", "<p>stay</p>"))).toEqual(["the reader cannot leave by a link in it"]);
  expect(inspect(mail("x".repeat(91 * 1_024)))).toEqual(["no HTML, or too much"]);
});

test("a signature is verified by a library of its own, and must cover the fields that bulk mail is judged by", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const key = readDkimKey({ domain: "x.test", selector: "m1", pem });
  const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
  const signed = signMessage(Buffer.from(mail("x"), "latin1"), key);
  expect(await inspectSignature(Buffer.from(mail("x"), "latin1"), record)).toBeNull();
  expect(await inspectSignature(signed, record)).toEqual([]);
  const altered = Buffer.from(signed.toString("latin1").replace("leave", "stay!"), "latin1");
  expect(await inspectSignature(altered, record)).toEqual(["DKIM does not verify"]);
  for (const name of ["List-Unsubscribe-Post", "List-Id", "Feedback-ID"]) {
    const bare = signMessage(Buffer.from(WITHOUT(name)(mail("x")), "latin1"), key);
    expect(await inspectSignature(bare, record)).toEqual(["DKIM leaves a field unsigned"]);
  }
});

test("finds a line that lost its dot", async () => {
  const lines = [".", "..two", "long".repeat(300), "中文"];
  const message = mail(`\n${lines.join("\n")}\n`);
  const inspectLines = (text: string) => inspectParsed(Buffer.from(text, "latin1"), own.email, lines);
  expect(await inspectLines(message)).toEqual([]);
  expect(await inspectLines(message.replace("\r\n..two", "\r\n.two"))).toEqual([
    "parsed: a line is not what was written",
  ]);
});

describe("the envelope's sender", () => {
  const namedBy = (address: string) => /^b\+(\d+)@/.exec(address)?.[1] ?? null;
  const deliveries = new Map([
    ["a", "1"],
    ["b", "2"],
  ]);
  const start = (to: string, from: string) => ({ to, from });

  test.each([
    [
      "names its reader's delivery at every attempt",
      [start("a", "b+1@x"), start("b", "b+2@x"), start("a", "b+1@x")],
      [],
    ],
    ["is everybody's", [start("a", "weekly@x")], ["the envelope's sender names no delivery"]],
    ["is another's", [start("a", "b+2@x")], ["the envelope's sender names another delivery"]],
    [
      "is one for two",
      [start("a", "b+1@x"), start("b", "b+1@x")],
      ["one sender in the envelopes of two readers", "the envelope's sender names another delivery"],
    ],
  ])("%s", (_what, starts, faults) => {
    expect(inspectSenders(starts, deliveries, namedBy)).toEqual(faults);
  });
});
