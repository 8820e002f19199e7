/**
 * Reads one mail as a receiver would and names what is wrong with it: RFC 5322 lines, the fields that bulk mail must
 * carry (RFC 2369, 2919, 8058), its size, and anything of another reader in it. Pure but for the verifying of DKIM.
 */
import { dkimVerify } from "mailauth/lib/dkim/verify";
import { simpleParser } from "mailparser";
import { bodyOf } from "./masked";
import type { StartLine } from "./observer-log";

export type Reader = { email: string; subscriberId: string };

/** By address: whose words may stand in no other mail. */
export type Readers = ReadonlyMap<string, Reader>;

const LONGEST_LINE = 998;
/** Gmail cuts at about 102 kB. */
const LARGEST_HTML = 90 * 1_024;
const ONCE = [
  "from",
  "to",
  "subject",
  "date",
  "message-id",
  "mime-version",
  "list-id",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "feedback-id",
];
/** By which bulk mail is judged, and which nobody on the way may change. */
const SIGNED = [
  "from",
  "to",
  "subject",
  "date",
  "message-id",
  "list-id",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "feedback-id",
];

/** Kinds of faults, empty for a sound mail. */
export function inspectMail(message: Buffer, to: string, readers: Readers): string[] {
  const text = message.toString("latin1");
  const headEnd = text.indexOf("\r\n\r\n");
  const fields = fieldsOf(text.slice(0, headEnd));
  const only = (name: string) => (fields.get(name)?.length === 1 ? (fields.get(name)?.[0] ?? "") : "");
  const body = bodyOf(message);
  const html = /\r\nContent-Type: text\/html[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/i.exec(body)?.[1] ?? "";
  const checks: [fault: string, sound: boolean][] = [
    ["a line is too long", text.split("\r\n").every((line) => line.length <= LONGEST_LINE)],
    ["a line end is not CRLF", !/(?<!\r)\n|\r(?!\n)/.test(text)],
    ["an octet is above 127", !/[\x80-\xff]/.test(text)],
    ["a field is missing or there twice", ONCE.every((name) => fields.get(name)?.length === 1)],
    ["To is not the envelope's", only("to") === to],
    [
      "no one-click pair",
      /^<https?:\/\/[^<>\s]+>/.test(only("list-unsubscribe")) && isOneClick(only("list-unsubscribe-post")),
    ],
    ["List-Id names no list", /<[\w-]+(\.[\w-]+)+>$/.test(only("list-id"))],
    ["Feedback-ID names no sender", /^([^\s:]+:){3}[^\s:]{5,15}$/.test(only("feedback-id"))],
    ["no text part", /\r\nContent-Type: text\/plain[\s\S]*?\r\n\r\n\s*\S/i.test(body)],
    ["no HTML, or too much", html.length > 0 && Buffer.byteLength(html, "latin1") <= LARGEST_HTML],
    ["the reader cannot leave by a link in it", /\/unsubscribe\?token=/.test(html)],
  ];
  return [
    ...checks.filter(([, sound]) => !sound).map(([fault]) => fault),
    ...foreignIn(text.slice(0, headEnd) + body, to, readers),
  ];
}

function isOneClick(value: string): boolean {
  return value === "List-Unsubscribe=One-Click";
}

function fieldsOf(head: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const line of head.replace(/\r\n[ \t]+/g, " ").split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    fields.set(name, [...(fields.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return fields;
}

/** Addresses are looked up in the set of all readers, so that no mail is compared with each of them. */
export function foreignIn(text: string, to: string, readers: Readers): string[] {
  const own = readers.get(to);
  const found = new Set<string>();
  for (const address of addressesIn(text)) {
    if (address !== to && readers.has(address)) found.add("another reader's address");
  }
  for (const [, token = ""] of text.matchAll(/token=([\w-]+)\./g)) {
    const [subject] = Buffer.from(token, "base64url").toString("latin1").split(".");
    if (subject !== own?.subscriberId) found.add("another reader's token");
  }
  const number = /^reader(\d+)@/.exec(to)?.[1];
  for (const [, name] of text.matchAll(/name-of-(\d+)-reader/g)) {
    if (name !== number) found.add("another reader's name");
  }
  return [...found];
}

const LONGEST_LOCAL = 64;

function* addressesIn(text: string): Generator<string> {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const local = /[\w.+-]+$/.exec(text.slice(Math.max(0, at - LONGEST_LOCAL), at))?.[0];
    const domain = /^[\w-]+(?:\.[\w-]+)+/.exec(text.slice(at + 1, at + 256))?.[0];
    if (local && domain) yield `${local}@${domain}`.toLowerCase();
  }
}

/** What a library that shares no code with ours makes of it. `lines` are to stand in its text, each as it is. */
export async function inspectParsed(
  message: Buffer,
  to: string,
  lines: readonly string[] = [],
): Promise<string[]> {
  const mail = await simpleParser(message);
  const text = new Set(mail.text?.split("\n"));
  const recipient = Array.isArray(mail.to) ? "" : (mail.to?.value[0]?.address ?? "");
  const checks: [fault: string, sound: boolean][] = [
    ["parsed: another recipient", recipient === to],
    ["parsed: no link to leave in the text", mail.text?.includes("/unsubscribe?token=") === true],
    ["parsed: no link to leave in the HTML", String(mail.html).includes("/unsubscribe?token=")],
    ["parsed: a line is not what was written", lines.every((line) => text.has(line))],
    ["parsed: an attachment", mail.attachments.length === 0],
    [
      "parsed: a character was lost",
      mail.text?.includes("\ufffd") === false && !String(mail.html).includes("\ufffd"),
    ],
  ];
  return checks.filter(([, sound]) => !sound).map(([fault]) => fault);
}

/** Null where it carries no signature. `record` is what DNS would say. */
export async function inspectSignature(message: Buffer, record: string): Promise<string[] | null> {
  const head = message.toString("latin1", 0, message.indexOf("\r\n\r\n"));
  const signature = /^DKIM-Signature:[^\r]*(?:\r\n[ \t][^\r]*)*/im.exec(head)?.[0];
  if (signature === undefined) return null;
  const { results } = await dkimVerify(message, { resolver: async () => [[record]] });
  const signed = /\bh=([^;]+)/.exec(signature.replace(/\s+/g, ""))?.[1]?.toLowerCase().split(":") ?? [];
  return [
    ...(results.length > 0 && results.every((one) => one.status.result === "pass")
      ? []
      : ["DKIM does not verify"]),
    ...(SIGNED.every((name) => signed.includes(name)) ? [] : ["DKIM leaves a field unsigned"]),
  ];
}

/**
 * The envelope's sender of each transaction is to be an address of its own that names the delivery of its reader, so
 * that a report which comes back can be believed. `namedBy` says which delivery an address names, or null.
 */
export function inspectSenders(
  starts: readonly Pick<StartLine, "from" | "to">[],
  deliveries: ReadonlyMap<string, string>,
  namedBy: (address: string) => string | null,
): string[] {
  const readerOf = new Map<string, string>();
  return starts.flatMap(({ from, to }) => {
    const named = namedBy(from);
    const reader = readerOf.get(from) ?? to;
    readerOf.set(from, reader);
    return [
      ...(reader === to ? [] : ["one sender in the envelopes of two readers"]),
      ...(named === null ? ["the envelope's sender names no delivery"] : []),
      ...(named !== null && named !== deliveries.get(to)
        ? ["the envelope's sender names another delivery"]
        : []),
    ];
  });
}
