/**
 * The grammar of an SPF record (RFC 7208 5, 6 and 12): its terms in their order, or the one that breaks it. A syntax
 * error anywhere breaks the whole record, behind `all` too (4.6).
 */
import { isIPv4, isIPv6 } from "node:net";

/** What a matching term, or a record without one, says of the sender (2.6). */
export type Result = "pass" | "fail" | "softfail" | "neutral";

/** With one of these a receiver gives up, and nothing passes: "permerror" (2.6.7). The message is for the operator. */
export class BrokenSpf extends Error {
  static at(term: string, domain: string, why: string): BrokenSpf {
    return new BrokenSpf(`"${term}" at ${domain} ${why}, and receivers then believe none of the record.`);
  }
}

type Kind = "all" | "include" | "a" | "mx" | "ptr" | "exists" | "ip4" | "ip6";

export type Directive = {
  /** As it stands in the record. */
  text: string;
  kind: Kind;
  /** What a match means. */
  result: Result;
  /** A domain, or the network of `ip4` and `ip6`. Null where the record's own domain is meant. */
  target: string | null;
  /** How many leading bits of an address count. */
  bits: { ipv4: number; ipv6: number };
};

export type SpfRecord = {
  directives: Directive[];
  /** Where to go on when nothing matches. */
  redirect: { text: string; target: string } | null;
};

const RESULTS: Readonly<Record<string, Result>> = { "-": "fail", "~": "softfail", "?": "neutral" };

type Form = { pattern: RegExp; otherwise: string };

const DOMAIN: Form = { pattern: /^:(?<target>.+)$/, otherwise: "names no domain" };

const HOSTS: Form = {
  pattern: /^(?::(?<target>.+?))?(?:\/(?<ipv4>\d+))?(?:\/\/(?<ipv6>\d+))?$/,
  otherwise: "names no domain",
};

/** What may follow each mechanism's name, and what to say when something else does. */
const FORMS: Readonly<Record<Kind, Form>> = {
  all: { pattern: /^$/, otherwise: "says more than all" },
  include: DOMAIN,
  exists: DOMAIN,
  ptr: { ...DOMAIN, pattern: /^(?::(?<target>.+))?$/ },
  a: HOSTS,
  mx: HOSTS,
  ip4: { pattern: /^:(?<target>[^/]+)(?:\/(?<ipv4>\d+))?$/, otherwise: "is no range of IPv4 addresses" },
  ip6: { pattern: /^:(?<target>[^/%]+)(?:\/(?<ipv6>\d+))?$/, otherwise: "is no range of IPv6 addresses" },
};

const isKind = (name: string): name is Kind => Object.hasOwn(FORMS, name);

/** `v=spf1`, which ends there: `v=spf10` is another version (4.5). */
export const isSpf = (text: string) => /^v=spf1( |$)/i.test(text);

/** Throws a `BrokenSpf` for whatever the grammar does not know. */
export function readSpfRecord(record: string, domain: string): SpfRecord {
  const read: SpfRecord = { directives: [], redirect: null };
  const once = new Set<string>();
  for (const text of record.split(/ +/).slice(1).filter(Boolean)) {
    const [, modifier, value = ""] = /^([a-z][\w.-]*)=(.*)$/is.exec(text) ?? [];
    if (modifier === undefined) {
      read.directives.push(readDirective(text, domain));
      continue;
    }
    const name = modifier.toLowerCase();
    if (name !== "redirect" && name !== "exp") {
      if (!isMacroString(value)) throw BrokenSpf.at(text, domain, "is not written as SPF has it");
      continue;
    }
    if (once.has(name)) throw BrokenSpf.at(text, domain, `is the second ${name}=`);
    once.add(name);
    if (!isDomainSpec(value)) throw BrokenSpf.at(text, domain, "names no domain");
    if (name === "redirect") read.redirect = { text, target: value };
  }
  return read;
}

function readDirective(text: string, domain: string): Directive {
  const [, sign = "", name = "", rest = ""] = /^([+?~-]?)([^:/]*)(.*)$/s.exec(text) ?? [];
  const kind = name.toLowerCase();
  if (!isKind(kind)) throw BrokenSpf.at(text, domain, "is nothing that SPF knows");
  const { pattern, otherwise } = FORMS[kind];
  const match = pattern.exec(rest);
  const target = match?.groups?.target ?? null;
  if (!match || !isTarget(kind, target)) throw BrokenSpf.at(text, domain, otherwise);
  const bits = { ipv4: bitsOf(match.groups?.ipv4, 32), ipv6: bitsOf(match.groups?.ipv6, 128) };
  if (Number.isNaN(bits.ipv4 + bits.ipv6)) {
    throw BrokenSpf.at(text, domain, "counts no bits of an address behind its slash");
  }
  return { text, kind, result: RESULTS[sign] ?? "pass", target, bits };
}

/** NaN for what is no length: the grammar has no leading zero. */
function bitsOf(digits: string | undefined, most: number): number {
  if (digits === undefined) return most;
  return /^(0|[1-9]\d*)$/.test(digits) && Number(digits) <= most ? Number(digits) : Number.NaN;
}

function isTarget(kind: Kind, target: string | null): boolean {
  if (target === null) return true;
  if (kind === "ip4") return isIPv4(target);
  if (kind === "ip6") return isIPv6(target);
  return isDomainSpec(target);
}

const MACRO = "%%|%_|%-|%\\{[slodiphcrtv]\\d*r?[-.+,/_=]*\\}";
const MACRO_STRING = new RegExp(`^(?:[!-$&-~]|${MACRO})*$`, "i");
const isMacroString = (text: string) => MACRO_STRING.test(text);

/** RFC 7208 7.1: what ends in a macro, or in the name of a top-level domain, which is never a number. */
const DOMAIN_END = /(?:%\{[^}]*\}|\.(?!\d+\.?$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?)$/i;

function isDomainSpec(text: string): boolean {
  if (!isMacroString(text) || !DOMAIN_END.test(text)) return false;
  const labels = text.replace(/\.$/, "").split(".");
  return text.includes("%") || labels.every((label) => label.length > 0 && label.length <= 63);
}
