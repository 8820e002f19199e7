/**
 * What of a message is the same for every reader of a variant: its body without the values of the personal slots
 * (lib/mail/personalise.ts). Knows nothing of how the product writes mail but the shape of those two values, and
 * reads any encoding that mail may have.
 */
import { createHash } from "node:crypto";

export function hashOf(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 24);
}

export function maskedHash(message: Buffer): string {
  return hashOf(masked(bodyOf(message)));
}

const TOKEN = /([?&](?:amp;)?token=)[\w.%~-]+/g;
const STATUS =
  /You are (?:a free subscriber|a member of|on trial until)[^<\r\n]*|Your last payment did not[^<\r\n]*/g;

export function masked(text: string): string {
  return text.replace(TOKEN, "$1TOKEN").replace(STATUS, "STATUS");
}

/** The body with the transfer encodings of its parts undone; as octets still, one character each. */
export function bodyOf(message: Buffer): string {
  const text = message.toString("latin1");
  const headEnd = text.indexOf("\r\n\r\n");
  const boundary = /^Content-Type: *multipart\/[\s\S]*?boundary="?([^"\r\n;]+)/im.exec(
    text.slice(0, headEnd),
  )?.[1];
  const body = text.slice(headEnd + 2);
  if (boundary === undefined) return body;
  return body.split(`\r\n--${boundary}`).map(decodedPart).join(`\r\n--${boundary}`);
}

function decodedPart(part: string): string {
  const headEnd = part.indexOf("\r\n\r\n");
  const head = part.slice(0, Math.max(0, headEnd) + 2);
  const encoding = /\r\nContent-Transfer-Encoding: *([\w-]+)/i.exec(head)?.[1]?.toLowerCase();
  const content = part.slice(head.length);
  if (encoding === "quoted-printable") return head + unquoted(content);
  return encoding === "base64" ? head + Buffer.from(content, "base64").toString("latin1") : part;
}

function unquoted(text: string): string {
  return text
    .replaceAll("=\r\n", "")
    .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
