import {
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { getEnv } from "./env";

/**
 * Links that act for a person without a session, and keyed hashes of addresses. Each purpose has a key of its own,
 * derived from AUTH_SECRET (RFC 5869), so that a token made for one purpose means nothing for another.
 */
export type TokenPurpose =
  | "confirm"
  | "unsubscribe"
  | "resubscribe"
  | "cancel"
  | "keep"
  | "preview"
  | "gift"
  | "gift-order";
type HashPurpose = "address" | "trial" | "rate-limit" | "sign-in" | "message-id" | "return-path";

const derivedKeys = new Map<string, KeyObject>();

function keyFor(purpose: string, secret: string): KeyObject {
  const name = `${purpose}\n${secret}`;
  let key = derivedKeys.get(name);
  if (!key) {
    key = createSecretKey(Buffer.from(hkdfSync("sha256", secret, "masthead", purpose, 32)));
    derivedKeys.set(name, key);
  }
  return key;
}

function mac(purpose: string, value: string, secret: string): Buffer {
  return createHmac("sha256", keyFor(purpose, secret)).update(value).digest();
}

/**
 * A token that only this installation can make: subject, optional expiry, signature (128 bits). The subject is
 * readable by whoever holds the token, so it is an id and never an address. The same input gives the same token.
 */
export function makeToken(
  purpose: TokenPurpose,
  subject: string,
  options: { expiresAt?: Date; secret?: string } = {},
): string {
  const expiry = options.expiresAt ? Math.floor(options.expiresAt.getTime() / 1000).toString(36) : "";
  const payload = `${subject}.${expiry}`;
  const signature = mac(purpose, payload, options.secret ?? getEnv().AUTH_SECRET).subarray(0, 16);
  return `${Buffer.from(payload).toString("base64url")}.${signature.toString("base64url")}`;
}

/** The token's subject, or null when it is forged, for another purpose, cut short or past its time. */
export function readToken(
  purpose: TokenPurpose,
  token: string,
  options: { now: Date; secret?: string },
): string | null {
  const [encoded, signature, ...rest] = token.split(".");
  if (!encoded || !signature || rest.length > 0 || token.length > 1_000) return null;
  const payload = Buffer.from(encoded, "base64url").toString("utf8");
  const expected = mac(purpose, payload, options.secret ?? getEnv().AUTH_SECRET).subarray(0, 16);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const separator = payload.lastIndexOf(".");
  const expiry = payload.slice(separator + 1);
  if (expiry !== "" && Number.parseInt(expiry, 36) * 1000 <= options.now.getTime()) return null;
  return payload.slice(0, separator);
}

/** Hex of a keyed SHA-256: stands for an address or a client where the thing itself must not be kept. */
export function keyedHash(purpose: HashPurpose, value: string, secret = getEnv().AUTH_SECRET): string {
  return mac(purpose, value, secret).toString("hex");
}

/** 256 random bits, for tokens that are looked up. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Without telling by its time how much of it was right. */
export function isSameSecret(given: string, secret: string): boolean {
  const digest = (value: string) => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
