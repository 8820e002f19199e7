/** Reads a published SPF policy (RFC 7208): what it lets through, and whether receivers can still follow it. */
import ipaddr from "ipaddr.js";
import type { Dns } from "./dns";

/** RFC 7208 4.6.4: more look-ups are an error, and then nothing passes. */
export const MOST_LOOKUPS = 10;

export type Spf = {
  /** Of the domain itself. Anything but exactly one is an error. */
  records: string[];
  /** How many further look-ups a receiver needs. */
  lookups: number;
  /** Address ranges that pass. */
  passes: string[];
  includes: string[];
  /** What cannot be decided without a mail at hand (macros), or holds no policy. */
  unclear: string[];
};

const isPolicy = (text: string) => /^v=spf1( |$)/i.test(text);

export async function readSpf(domain: string, dns: Dns): Promise<Spf> {
  const spf: Spf = { records: [], lookups: 0, passes: [], includes: [], unclear: [] };
  spf.records = (await dns.txt(domain)).filter(isPolicy);
  const [only, ...more] = spf.records;
  if (only && more.length === 0) await walk(only, domain, spf, dns);
  return spf;
}

/** Stops at the limit, as a receiver does: a policy may include itself. */
async function walk(record: string, domain: string, spf: Spf, dns: Dns): Promise<void> {
  const terms = record.split(/ +/).slice(1);
  for (const term of terms) {
    const [, sign = "+", name = "", value = ""] = /^([+?~-]?)([a-z0-9]+)[:=/]?(.*)$/i.exec(term) ?? [];
    const kind = name.toLowerCase();
    if (!["a", "mx", "include", "exists", "ptr", "redirect"].includes(kind)) {
      if ((kind === "ip4" || kind === "ip6") && passing(sign)) spf.passes.push(value);
      continue;
    }
    if (kind === "redirect" && terms.some((each) => /^[+?~-]?all$/i.test(each))) continue;
    spf.lookups += 1;
    if (spf.lookups > MOST_LOOKUPS) return;
    if (value.includes("%") || kind === "exists" || kind === "ptr") spf.unclear.push(term);
    else if (kind === "include" || kind === "redirect") await follow(value, kind, spf, dns);
    else if (passing(sign)) spf.passes.push(...(await hostsOf(term, kind, domain, dns)));
  }
}

const passing = (sign: string) => sign === "" || sign === "+";

async function follow(target: string, kind: string, spf: Spf, dns: Dns): Promise<void> {
  const policies = (await dns.txt(target)).filter(isPolicy);
  if (kind === "include") spf.includes.push(target.toLowerCase());
  const [only, ...more] = policies;
  if (!only || more.length > 0) spf.unclear.push(`${kind}:${target}`);
  else await walk(only, target, spf, dns);
}

async function hostsOf(term: string, kind: string, domain: string, dns: Dns): Promise<string[]> {
  const [, host = domain, four = "32"] = /^\+?\w+(?::([^/]+))?(?:\/(\d+))?/.exec(term) ?? [];
  const names = kind === "a" ? [host] : (await dns.mx(host)).slice(0, 10).map(({ exchange }) => exchange);
  const addresses = (await Promise.all(names.map((name) => dns.addresses(name)))).flat();
  return addresses.map((address) => (address.includes(":") ? address : `${address}/${four}`));
}

/** Whether the policy names this address; a range that cannot be read names nothing. */
export function permits(spf: Spf, address: string): boolean {
  const sender = ipaddr.process(address);
  return spf.passes.some((range) => {
    try {
      const [network, bits] = range.includes("/")
        ? ipaddr.parseCIDR(range)
        : [ipaddr.parse(range), range.includes(":") ? 128 : 32];
      return network.kind() === sender.kind() && sender.match(network, bits);
    } catch {
      return false;
    }
  });
}
