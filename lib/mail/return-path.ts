/**
 * The envelope's sender of one delivery (VERP): a report that comes back to it names the delivery, and nobody who has
 * not seen that mail can guess the address. Lower case, because some servers change the case of what stands before @.
 */
import { timingSafeEqual } from "node:crypto";
import { getEnv } from "@/lib/env";
import { keyedHash } from "@/lib/tokens";

type ReturnPathOptions = { bounceDomain?: string; mailFrom?: string; secret?: string };

const MARK_LENGTH = 10;
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** Where reports about this delivery go: an address of its own at BOUNCE_DOMAIN, or MAIL_FROM where that is not set. */
export function returnPath(deliveryId: bigint, options: ReturnPathOptions = {}): string {
  const { bounceDomain, mailFrom } = settings(options);
  if (!bounceDomain) return mailFrom;
  return `b+${deliveryId}.${markOf(String(deliveryId), options.secret)}@${bounceDomain}`;
}

/** The delivery that an address of ours names; null for every other address, however close. */
export function readReturnPath(address: string, options: ReturnPathOptions = {}): bigint | null {
  const { bounceDomain } = settings(options);
  const [, id, mark, domain] = /^b\+(\d{1,18})\.([a-z2-7]{10})@([^@]+)$/.exec(address.toLowerCase()) ?? [];
  if (!bounceDomain || !id || !mark || domain !== bounceDomain) return null;
  if (BigInt(id).toString() !== id || !isSame(mark, markOf(id, options.secret))) return null;
  return BigInt(id);
}

function settings(options: ReturnPathOptions) {
  const env = getEnv();
  return {
    bounceDomain: options.bounceDomain ?? env.BOUNCE_DOMAIN,
    mailFrom: options.mailFrom ?? env.MAIL_FROM,
  };
}

/** 50 bits: what may be guessed only by asking us. */
function markOf(id: string, secret?: string): string {
  const bytes = Buffer.from(keyedHash("return-path", id, secret), "hex").subarray(0, MARK_LENGTH);
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
