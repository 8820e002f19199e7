import { createHash, randomInt } from "node:crypto";
import { keyedHash } from "@/lib/tokens";

/** Crockford's 32 signs: no I, L, O or U, so nothing reads like something else. Six of them are 30 bits. */
const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const CODE_LENGTH = 6;

/** Six signs from a cryptographic source. Strong only beside a limit on tries. */
export function makeCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join("");
}

/** What was typed, read kindly: any case, spaces and dashes, O for 0, I or L for 1. Null when it cannot be a code. */
export function readCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return code.length === CODE_LENGTH && [...code].every((sign) => SIGNS.includes(sign)) ? code : null;
}

/** How a random token is kept: it has 256 bits, so a plain SHA-256 gives nothing away. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** How a code is kept: keyed, because it is short, and tied to its request, so that it means nothing for another. */
export function hashCode(browserHash: string, code: string): string {
  return keyedHash("sign-in", `${browserHash}\n${code}`);
}
