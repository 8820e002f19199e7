import { domainToASCII } from "node:url";
import { z } from "zod";

/**
 * Which strings are addresses that we mail. Everything odd is refused before anything is normalised, because a
 * look-alike that turns into `@` or a dot afterwards moves the mail to somebody else (GHSA-7rqj-j65f-68wh). Narrower
 * than RFC 5321 on purpose: no comments, no quoted local parts, no address literals, one address and nothing beside it.
 */
export type AddressResult = { ok: true; email: string } | { ok: false; problem: string };

const SHAPE = "Write one address, such as name@example.com.";
const MAX_LOCAL = 64;
/** RFC 5321 4.5.3.1.3: a path is at most 256 octets, two of which are its brackets. */
const MAX_ADDRESS = 254;

/** Addresses that reach a duty or a machine, never a reader. */
const ROLES = new Set([
  "abuse",
  "bounce",
  "bounces",
  "devnull",
  "do-not-reply",
  "donotreply",
  "hostmaster",
  "mailer-daemon",
  "no-reply",
  "nobody",
  "noreply",
  "postmaster",
  "root",
]);

/** Asked about the part before the `@` alone: it does not know domains such as `xn--p1ai`. */
const zodAddress = z.email();

/**
 * The address as it is stored: lower case, the domain in punycode. The part before the `@` stays as typed otherwise, so
 * `a+tag@x.test` and `a@x.test` are two subscribers. Takes anything, because forms and files hold anything.
 */
export function parseAddress(input: unknown): AddressResult {
  if (typeof input !== "string") return { ok: false, problem: SHAPE };
  const typed = input.trim();
  if (typed === "") return { ok: false, problem: "Write your address, such as name@example.com." };
  if (typed.length > 400) return { ok: false, problem: "This is longer than an address can be." };
  const at = typed.lastIndexOf("@");
  if (at < 1) return { ok: false, problem: SHAPE };
  const local = typed.slice(0, at);
  if (!/^[!-~]+$/.test(local)) {
    return {
      ok: false,
      problem: "We can only mail names in plain letters, digits and signs before the @ for now.",
    };
  }
  const domain = asciiDomain(typed.slice(at + 1));
  if (domain === null)
    return { ok: false, problem: "The part after the @ is not a domain, such as example.com." };
  return checkShape(local, domain);
}

function checkShape(local: string, domain: string): AddressResult {
  const email = `${local}@${domain}`.toLowerCase();
  const labels = domain.split(".");
  const sound =
    local.length <= MAX_LOCAL &&
    email.length <= MAX_ADDRESS &&
    labels.length >= 2 &&
    labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i.test(label)) &&
    /^([a-z]{2,63}|xn--[a-z0-9-]+)$/i.test(labels.at(-1) ?? "") &&
    zodAddress.safeParse(`${local}@example.com`).success;
  return sound ? { ok: true, email } : { ok: false, problem: SHAPE };
}

/** Null for what is no domain, and for what only becomes one by folding look-alikes together. */
function asciiDomain(domain: string): string | null {
  if (/^[a-z0-9.-]+$/i.test(domain)) return domain.toLowerCase();
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return null;
  if (domain.normalize("NFKC") !== domain.normalize("NFC")) return null;
  return domainToASCII(domain.normalize("NFC")) || null;
}

/** True for `abuse@`, `noreply@` and their kind: they may not subscribe. */
export function isRoleAddress(email: string): boolean {
  return ROLES.has(email.slice(0, email.lastIndexOf("@")).replace(/\+.*/, ""));
}

/**
 * One key for the spellings that reach one mailbox (a tag; dots at Gmail), so that limits count the person who is
 * mailed. Never a subscriber's identity.
 */
export function mailboxKey(email: string): string {
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1).replace(/^googlemail\.com$/, "gmail.com");
  const local = email.slice(0, at).replace(/\+.*/, "");
  return `${domain === "gmail.com" ? local.replaceAll(".", "") : local}@${domain}`;
}

/** `re…@example.com`: enough to recognise one's own address, too little for somebody looking over a shoulder. */
export function maskAddress(email: string): string {
  const at = email.lastIndexOf("@");
  const shown = email.slice(0, Math.min(2, Math.max(at - 1, 0)));
  return `${shown}…${email.slice(at)}`;
}
