import { createHmac } from "node:crypto";
import { keyedHash } from "@/lib/tokens";

/**
 * Header fields of issues and notices. Pure but for the installation's secret. Values are ours or were validated; a
 * line break in one of them throws, because it would begin a header of somebody else's choice.
 */
export type HeaderField = readonly [name: string, value: string];

export type Sender = {
  /** What stands in From as words. */
  name: string;
  /** MAIL_FROM: also the envelope's sender. */
  address: string;
  replyTo: string | null;
};

/** `<local@domain>` at the domain that the mail comes from, RFC 5322 3.6.4. Both parts are ours, never typed. */
export function messageIdAt(local: string, mailFrom: string): string {
  return `<${local}@${domainOf(mailFrom)}>`;
}

/**
 * The key that names the deliveries of one issue. It is of use for nothing else, so it may travel into an SQL
 * statement that computes thousands of identifiers at once.
 */
export function messageIdKey(issueId: string, secret?: string): Buffer {
  return Buffer.from(keyedHash("message-id", issueId, secret), "hex");
}

/**
 * The same for every attempt, worker and restored backup, so that a receiver may recognise a copy; it does not tell
 * who the reader is.
 */
export function issueMessageId(
  issueId: string,
  subscriberId: string,
  options: { mailFrom: string; secret?: string },
): string {
  const hash = createHmac("sha256", messageIdKey(issueId, options.secret)).update(subscriberId).digest("hex");
  return messageIdAt(`${issueId}.${hash.slice(0, 20)}`, options.mailFrom);
}

export type IssueHeaders = {
  issueId: string;
  sender: Sender;
  to: string;
  subject: string;
  messageId: string;
  /** When its sending began: every attempt says the same. */
  date: Date;
  publicationName: string;
  publicUrl: string;
  /** Takes RFC 8058's POST. */
  oneClickUrl: string;
};

/**
 * RFC 5322, 2369 (List-*), 2919 (List-Id), 8058 (one click). `Precedence` and Exchange's field are habit: they keep
 * out-of-office replies away.
 */
export function issueHeaders(mail: IssueHeaders): HeaderField[] {
  const host = new URL(mail.publicUrl).hostname;
  const listHost = host.includes(".") && !/^[\d.]+$/.test(host) ? host : domainOf(mail.sender.address);
  return [
    ...commonHeaders(mail),
    ["List-Id", `${phrase(mail.publicationName)} <weekly.${listHost}>`],
    ...oneClickHeaders(mail.oneClickUrl),
    ["List-Archive", `<${mail.publicUrl}/archive>`],
    ["Feedback-ID", `${mail.issueId}:weekly:newsletter:${feedbackSender(domainOf(mail.sender.address))}`],
    ["Precedence", "bulk"],
    ["X-Auto-Response-Suppress", "OOF, AutoReply"],
  ];
}

/** RFC 8058: a mail program's own button takes the reader off the list. */
function oneClickHeaders(oneClickUrl: string): HeaderField[] {
  return [
    ["List-Unsubscribe", `<${oneClickUrl}>`],
    ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"],
  ];
}

/** Gmail counts complaints by these four; the last stays the same for ever, 5 to 15 letters. No word of the reader. */
function feedbackSender(domain: string): string {
  return domain
    .replace(/[^a-z0-9]/gi, "")
    .toLowerCase()
    .padEnd(5, "mail")
    .slice(0, 15);
}

export type NoticeHeaders = Pick<IssueHeaders, "sender" | "to" | "subject" | "messageId" | "date"> & {
  /** Of a notice that begins a subscription; the others answer what somebody did, and there is nothing to leave. */
  oneClickUrl?: string;
};

/** `Auto-Submitted` (RFC 3834) asks other machines not to answer. */
export function noticeHeaders(mail: NoticeHeaders): HeaderField[] {
  return [
    ...commonHeaders(mail),
    ...(mail.oneClickUrl === undefined ? [] : oneClickHeaders(mail.oneClickUrl)),
    ["Auto-Submitted", "auto-generated"],
    ["X-Auto-Response-Suppress", "All"],
  ];
}

function commonHeaders({ sender, to, subject, messageId, date }: NoticeHeaders): HeaderField[] {
  return [
    ["From", `${phrase(sender.name)} <${sender.address}>`],
    ...(sender.replyTo ? [["Reply-To", sender.replyTo] as const] : []),
    ["To", to],
    ["Subject", encodeText(subject)],
    ["Date", date.toUTCString().replace("GMT", "+0000")],
    ["Message-ID", messageId],
  ];
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** The fields as the beginning of a message, without the empty line that ends them. */
export function writeHeaders(fields: readonly HeaderField[]): string {
  return fields.map(([name, value]) => `${name}: ${foldChecked(name, value)}\r\n`).join("");
}

/** Folded lines come only from `encodeText`: a line break must be followed by a space, and a line by more text. */
function foldChecked(name: string, value: string): string {
  if (/\r\n(?! \S)|\r(?!\n)|(?<!\r)\n|[^\x20-\x7e\r\n]/.test(value) || !/^[\w-]+$/.test(name)) {
    throw new RangeError(`The header ${JSON.stringify(name)} holds something that no header may hold.`);
  }
  return value;
}

const ENCODED_BYTES = 45;
const LINE = 76;

/** Words as a header holds them: plain ASCII folded at spaces, everything else as RFC 2047 encoded words. */
export function encodeText(text: string): string {
  const clean = oneLine(text);
  const longestWord = Math.max(0, ...clean.split(" ").map((word) => word.length));
  if (/^[\x20-\x7e]*$/.test(clean) && !clean.includes("=?") && longestWord < LINE - 20) return fold(clean);
  return encodedWords(clean);
}

/** A name before an address: as it is, in quotes, or encoded (RFC 5322 3.2.5). */
function phrase(text: string): string {
  const clean = oneLine(text);
  if (/^[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+$/.test(clean) && !clean.includes("=?")) return clean;
  if (/^[\x20-\x7e]*$/.test(clean) && !clean.includes("=?")) return `"${clean.replace(/["\\]/g, "\\$&")}"`;
  return encodedWords(clean);
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}

function fold(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const room = lines.length === 1 ? LINE - 12 : LINE;
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\r\n ");
}

function encodedWords(text: string): string {
  const chunks: string[] = [];
  let chunk = "";
  for (const character of text) {
    if (Buffer.byteLength(chunk + character) > ENCODED_BYTES) {
      chunks.push(chunk);
      chunk = "";
    }
    chunk += character;
  }
  chunks.push(chunk);
  return chunks.map((words) => `=?UTF-8?B?${Buffer.from(words).toString("base64")}?=`).join("\r\n ");
}
