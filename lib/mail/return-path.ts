/**
 * The envelope's sender of one delivery or notice (VERP): a report that comes back to it names that mail, and nobody who
 * has not seen it can guess the address. Lower case, because some servers change the case of what stands before @.
 */
import { timingSafeEqual } from "node:crypto";
import { getEnv } from "@/lib/env";
import { keyedHash } from "@/lib/tokens";

type ReturnPathOptions = { bounceDomain?: string; mailFrom?: string; secret?: string };

const MARK_LENGTH = 10;
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** The mail that an address of ours names. */
export type Returned = { deliveryId: bigint } | { noticeId: string };

/** Where reports about this delivery go: an address of its own at BOUNCE_DOMAIN, or MAIL_FROM where that is not set. */
export function returnPath(deliveryId: bigint, options: ReturnPathOptions = {}): string {
  return addressOf("b", String(deliveryId), options);
}

/** The same of a notice, whose id is a UUID. */
export function noticeReturnPath(noticeId: string, options: ReturnPathOptions = {}): string {
  return addressOf("n", noticeId.replaceAll("-", "").toLowerCase(), options);
}

/** The mail that an address of ours names; null for every other address, however close. */
export function readReturnPath(address: string, options: ReturnPathOptions = {}): Returned | null {
  const { bounceDomain } = settings(options);
  const [, kind, id, mark, domain] =
    /^([bn])\+(\d{1,18}|[0-9a-f]{32})\.([a-z2-7]{10})@([^@]+)$/.exec(address.toLowerCase()) ?? [];
  if (!bounceDomain || !kind || !id || !mark || domain !== bounceDomain) return null;
  const isNotice = kind === "n";
  if (isNotice !== (id.length === 32) || !isSame(mark, markOf(kind, id, options.secret))) return null;
  if (isNotice) return { noticeId: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") };
  return BigInt(id).toString() === id ? { deliveryId: BigInt(id) } : null;
}

function addressOf(kind: "b" | "n", id: string, options: ReturnPathOptions): string {
  const { bounceDomain, mailFrom } = settings(options);
  return bounceDomain ? `${kind}+${id}.${markOf(kind, id, options.secret)}@${bounceDomain}` : mailFrom;
}

function settings(options: ReturnPathOptions) {
  const env = getEnv();
  return {
    bounceDomain: options.bounceDomain ?? env.BOUNCE_DOMAIN,
    mailFrom: options.mailFrom ?? env.MAIL_FROM,
  };
}

/** 50 bits: what may be guessed only by asking us. */
function markOf(kind: string, id: string, secret?: string): string {
  const bytes = Buffer.from(keyedHash("return-path", kind === "n" ? `n+${id}` : id, secret), "hex").subarray(
    0,
    MARK_LENGTH,
  );
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
