/**
 * Follows a published SPF policy as receivers do (RFC 7208 4.6 and 5): term by term, to the first that matches the
 * sender. Asks only what that sender needs. What the DNS does not answer is thrown.
 */
import ipaddr from "ipaddr.js";
import type { Dns } from "./dns";
import { BrokenSpf, type Directive, isSpf, type Result, readSpfRecord } from "./spf-record";

/** RFC 7208 4.6.4: more look-ups are an error, and then nothing passes. */
const MOST_LOOKUPS = 10;

/** RFC 7208 4.6.4: of the look-ups, how many may lead to nothing. */
const MOST_VOIDS = 2;

/** RFC 7208 4.6.4: of names, how many one `mx` or `ptr` may lead to. */
const MOST_NAMES = 10;

export type Sender = {
  /** Null for nobody in particular. */
  address: string | null;
  /** The domain whose policy names the sender's addresses, where they are a provider's to know. */
  provider: string | null;
};

/** Who has no business in any policy: what lets this one send lets everybody. */
export const ANYBODY: Sender = { address: null, provider: null };

/** RFC 5737: for documentation, so that no mail comes from it. */
const NOBODYS_ADDRESS = "192.0.2.1";

export type Verdict = {
  /** In the words of RFC 7208 2.6; `unclear` where only a real mail, or its sender, decides. */
  result: Result | "permerror" | "unclear";
  /** The mechanism that decides. Null where none matches, or a `redirect=` leads elsewhere. */
  term: string | null;
  /** How many further look-ups the receiver needed. */
  lookups: number;
  /** The terms that cannot be decided here. */
  unclear: string[];
  /** Why it is a permerror, in words for the operator. */
  why: string | null;
};

type Outcome = { result: Result | "unclear"; term: string | null };

type Walk = {
  sender: Sender;
  address: ipaddr.IPv4 | ipaddr.IPv6;
  dns: Dns;
  lookups: number;
  voids: string[];
  unclear: Set<string>;
};

/** The SPF records of the domain, of which receivers believe one only when it is the only one (RFC 7208 4.5). */
export async function listSpf(domain: string, dns: Dns): Promise<string[]> {
  return (await dns.txt(domain)).filter(isSpf);
}

/** What a receiver makes of the domain's one record for mail of this sender; RFC 7208 calls it `check_host()`. */
export async function checkHost(record: string, domain: string, sender: Sender, dns: Dns): Promise<Verdict> {
  const address = ipaddr.process(sender.address ?? NOBODYS_ADDRESS);
  const walk: Walk = { sender, address, dns, lookups: 0, voids: [], unclear: new Set() };
  const verdict = ({ result, term }: Pick<Verdict, "result" | "term">, why: string | null = null) => {
    return { result, term, lookups: walk.lookups, unclear: [...walk.unclear], why };
  };
  try {
    return verdict(await evaluate(record, domain, walk));
  } catch (error) {
    if (!(error instanceof BrokenSpf)) throw error;
    return verdict({ result: "permerror", term: null }, error.message);
  }
}

async function evaluate(record: string, domain: string, walk: Walk): Promise<Outcome> {
  const { directives, redirect } = readSpfRecord(record, domain);
  const perhaps: Result[] = [];
  const settle = (outcome: Outcome): Outcome =>
    perhaps.every((result) => result === outcome.result) ? outcome : { result: "unclear", term: null };
  for (const directive of directives) {
    const matches = await isMatch(directive, domain, walk);
    if (matches === "unclear") perhaps.push(directive.result);
    else if (matches) return settle({ result: directive.result, term: directive.text });
  }
  if (!redirect) return settle({ result: "neutral", term: null });
  countLookup(walk);
  if (isUnclear(redirect, walk)) return { result: "unclear", term: null };
  const { result } = await follow({ ...redirect, domain }, walk);
  return settle({ result, term: null });
}

async function isMatch(directive: Directive, domain: string, walk: Walk): Promise<boolean | "unclear"> {
  const { kind, target, bits, text } = directive;
  if (kind === "all") return true;
  if (kind === "ip4" || kind === "ip6") return isWithin(walk.address, target ? [target] : [], bits);
  countLookup(walk);
  if (isUnclear(directive, walk)) return "unclear";
  const name = target ?? domain;
  if (kind === "include") {
    const { result } = await follow({ text, target: name, domain }, walk);
    return result === "unclear" ? result : result === "pass";
  }
  if (kind === "ptr") return isNamedBelow(name, text, walk);
  if (kind === "mx") return isWithin(walk.address, await addressesOfMx(name, directive, domain, walk), bits);
  const addresses = await walk.dns.addresses(name);
  if (kind === "a") return isWithin(walk.address, found(addresses, text, walk), bits);
  // RFC 7208 5.7: `exists` asks for IPv4 alone, whatever the mail came by.
  const four = addresses.filter((each) => !each.includes(":"));
  return found(four, text, walk).length > 0;
}

function countLookup(walk: Walk): void {
  walk.lookups += 1;
  if (walk.lookups > MOST_LOOKUPS) {
    throw new BrokenSpf(
      `The record needs more than ${MOST_LOOKUPS} look-ups, and receivers stop there. Remove includes that are not used.`,
    );
  }
}

/** A macro speaks of the mail at hand, `ptr` of the address that it came from. */
function isUnclear(term: { text: string; target: string | null; kind?: string }, walk: Walk): boolean {
  const unclear = term.target?.includes("%") || (term.kind === "ptr" && walk.sender.address === null);
  if (unclear) walk.unclear.add(term.text);
  return Boolean(unclear);
}

function found<Answer>(answers: Answer[], text: string, walk: Walk): Answer[] {
  if (answers.length === 0) walk.voids.push(text);
  if (walk.voids.length > MOST_VOIDS) {
    throw new BrokenSpf(
      `More than ${MOST_VOIDS} terms lead to nothing (${walk.voids.join(", ")}), and receivers stop there. Remove them.`,
    );
  }
  return answers;
}

/** RFC 7208 5.2 and 6.1: no record there, or several, break the one that leads there. */
async function follow(
  link: { text: string; target: string; domain: string },
  walk: Walk,
): Promise<Pick<Outcome, "result">> {
  const { text, target, domain } = link;
  const [only, ...more] = await listSpf(target, walk.dns);
  if (!only) throw BrokenSpf.at(text, domain, "leads to no SPF record");
  if (more.length > 0) throw BrokenSpf.at(text, domain, "leads to several SPF records");
  const outcome = await evaluate(only, target, walk);
  const isProvider = target.replace(/\.$/, "").toLowerCase() === walk.sender.provider;
  return isProvider ? { result: "pass" } : outcome;
}

async function addressesOfMx(name: string, { text }: Directive, domain: string, walk: Walk) {
  const records = found(await walk.dns.mx(name), text, walk);
  if (records.length > MOST_NAMES) {
    throw BrokenSpf.at(text, domain, `leads to more than ${MOST_NAMES} mail servers`);
  }
  // RFC 7505: a domain that takes no mail has a server without a name.
  const hosts = records.map(({ exchange }) => exchange).filter((exchange) => !/^\.?$/.test(exchange));
  return (await Promise.all(hosts.map((host) => walk.dns.addresses(host)))).flat();
}

/** RFC 7208 5.5: the address has a name there, which leads back to it. */
async function isNamedBelow(domain: string, text: string, walk: Walk): Promise<boolean> {
  const below = `.${domain.replace(/\.$/, "").toLowerCase()}`;
  const names = found(await walk.dns.reverse(walk.address.toString()), text, walk).slice(0, MOST_NAMES);
  const hosts = names.filter((name) => `.${name.toLowerCase()}`.endsWith(below));
  const back = (await Promise.all(hosts.map((host) => walk.dns.addresses(host)))).flat();
  return isWithin(walk.address, back, { ipv4: 32, ipv6: 128 });
}

function isWithin(
  address: ipaddr.IPv4 | ipaddr.IPv6,
  networks: readonly string[],
  bits: Directive["bits"],
): boolean {
  return networks
    .map((each) => ipaddr.parse(each))
    .some((network) => {
      return network.kind() === address.kind() && address.match(network, bits[network.kind()]);
    });
}
