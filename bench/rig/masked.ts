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
  const headEnd = message.indexOf("\r\n\r\n");
  return hashOf(masked(decoded(message.subarray(headEnd + 2).toString("latin1"))));
}

const TOKEN = /([?&](?:amp;)?token=)[\w.%~-]+/g;
const STATUS =
  /You are (?:a free subscriber|a member of|on trial until)[^<\r\n]*|Your last payment did not[^<\r\n]*/g;

export function masked(text: string): string {
  return text.replace(TOKEN, "$1TOKEN").replace(STATUS, "STATUS");
}

const PART = /(\r\nContent-Transfer-Encoding: *([\w-]+)(?:\r\n[^\r\n]+)*\r\n\r\n)([\s\S]*?)(?=\r\n--)/gi;

/** The parts of a multipart body with their transfer encoding undone; still as octets, one character each. */
export function decoded(body: string): string {
  return body.replace(PART, (whole, head: string, encoding: string, part: string) => {
    const name = encoding.toLowerCase();
    if (name === "quoted-printable") return head + unquoted(part);
    return name === "base64" ? head + Buffer.from(part, "base64").toString("latin1") : whole;
  });
}

function unquoted(text: string): string {
  return text
    .replaceAll("=\r\n", "")
    .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
