/**
 * Looks at what the world can see of the sending domain and says what to publish, word for word. Asks the DNS alone:
 * sends nothing, writes nothing. A question that nobody answers in time is `unknown` and hides no other.
 */
import ipaddr from "ipaddr.js";
import type { Env } from "@/lib/env";
import type { DkimKey } from "@/lib/mail/dkim";
import { dkimRecord } from "@/lib/mail/dkim-key";
import { readSmtpUrl } from "@/lib/mail/smtp-url";
import { checkSpf } from "./check-spf";
import { isAlignedWith, policyFor, readTags, walkDmarc, wordOf } from "./dmarc";
import type { Dns } from "./dns";
import { type DomainFinding, type DomainPart, finding } from "./finding";
import { includeFor } from "./providers";

export type { DomainFinding, DomainPart } from "./finding";

export type SendingDomain = Pick<Env, "MAIL_FROM" | "BOUNCE_DOMAIN"> & { SMTP_URL?: string | undefined };

const domainOf = (address: string) => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

export async function checkDomain(
  env: SendingDomain,
  key: DkimKey | null,
  dns: Dns,
): Promise<DomainFinding[]> {
  const from = domainOf(env.MAIL_FROM);
  const host = env.SMTP_URL ? readSmtpUrl(env.SMTP_URL).connection.host : null;
  const senders = host ? sendersOf(host, dns) : Promise.resolve([]);
  return Promise.all([
    orUnknown("SPF", async () => checkSpf(env.BOUNCE_DOMAIN ?? from, host, await senders, dns)),
    orUnknown("DKIM", () => checkDkim(key, dns)),
    orUnknown("DMARC", () => checkDmarc(from, { key, returnDomain: env.BOUNCE_DOMAIN ?? from }, dns)),
    orUnknown("PTR", async () => checkPtr(host, await senders, dns)),
    orUnknown("MX", () => checkMx(env, dns)),
  ]);
}

async function orUnknown(part: DomainPart, check: () => Promise<DomainFinding>): Promise<DomainFinding> {
  try {
    return await check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return finding(part, "unknown", `The DNS gave no answer (${why}). Look again later.`);
  }
}

/** Public addresses of the mail server; those of this machine or a private network say nothing about how mail leaves. */
async function sendersOf(host: string, dns: Dns): Promise<string[]> {
  const addresses = ipaddr.isValid(host) ? [host] : await dns.addresses(host);
  return addresses.filter((address) => ipaddr.process(address).range() === "unicast");
}

/** Whether what is published verifies what we sign. */
export async function checkDkim(key: DkimKey | null, dns: Dns): Promise<DomainFinding> {
  if (!key) {
    const says =
      "Masthead does not sign. Either your mail server does, or make a key: npm run masthead -- dkim make";
    return finding("DKIM", "warn", says);
  }
  const { name, text } = dkimRecord(key);
  const found = await dns.txt(name);
  const publish = { type: "TXT", name, value: text } as const;
  const keys = found.map(readTags).filter((tags) => tags.has("p"));
  const [only] = keys;
  if (!only) return finding("DKIM", "fail", `${name} publishes no key.`, { found, publish });
  if (keys.length > 1)
    return finding("DKIM", "fail", `${name} publishes several keys. Keep one.`, { found, publish });
  const same = only.get("p")?.replace(/\s/g, "") === readTags(text).get("p");
  if (!same) {
    const says = only.get("p") === "" ? "is revoked" : "is another than the one that signs";
    return finding("DKIM", "fail", `The key at ${name} ${says}.`, { found, publish });
  }
  if (only.get("t")?.split(":").includes("y")) {
    return finding("DKIM", "warn", "The key is right, and marked as a test (t=y): receivers may ignore it.", {
      found,
      publish,
    });
  }
  const bits = key.privateKey.asymmetricKeyDetails?.modulusLength;
  if (bits && bits < 2048)
    return finding("DKIM", "warn", `The key is right, and has only ${bits} bits; make one of 2048.`, {
      found,
    });
  return finding("DKIM", "ok", `The key at ${name} verifies what is signed here.`, { found });
}

async function checkDmarc(
  from: string,
  sender: { key: DkimKey | null; returnDomain: string },
  dns: Dns,
): Promise<DomainFinding> {
  const { found: policies, duplicates } = await walkDmarc(from, dns);
  const publish = {
    type: "TXT",
    name: `_dmarc.${from}`,
    value: `v=DMARC1; p=none; rua=mailto:postmaster@${from}`,
  } as const;
  const policy = policyFor(from, policies);
  const found = policy ? [policy.record] : [];
  if (duplicates.length > 0) {
    const says = `_dmarc.${duplicates[0]} has several records, and receivers then believe none. Keep one.`;
    return finding("DMARC", "fail", says, { found });
  }
  if (!policy) return finding("DMARC", "fail", `${from} has no DMARC policy.`, { publish });
  const word = policy.wish;
  if (!["none", "quarantine", "reject"].includes(word)) {
    return finding(
      "DMARC",
      "fail",
      `The policy at _dmarc.${policy.domain} says p=${word}, which nobody knows.`,
      { found, publish },
    );
  }
  const { key, returnDomain } = sender;
  const strict = (tag: string) => wordOf(policy.tags, tag) === "s";
  const [byKey, byPath] = await Promise.all([
    key ? isAlignedWith(from, key.domain, strict("adkim"), dns) : false,
    isAlignedWith(from, returnDomain, strict("aspf"), dns),
  ]);
  if (key && !byKey) {
    return finding(
      "DMARC",
      "fail",
      `Mail is signed as ${key.domain}, which is not aligned with ${from}: set DKIM_DOMAIN=${from}.`,
      { found },
    );
  }
  if (!byPath) {
    const says = `Mail comes back to ${returnDomain}, which is not aligned with ${from}: SPF does not help, DKIM must.`;
    return finding("DMARC", "warn", says, { found });
  }
  return finding("DMARC", "ok", `_dmarc.${policy.domain} says p=${word}, and mail is aligned.`, { found });
}

/** Each address has a name, and the name leads back to it (Gmail and others refuse mail otherwise). */
async function checkPtr(host: string | null, senders: string[], dns: Dns): Promise<DomainFinding> {
  const include = includeFor(host);
  if (!host || senders.length === 0 || include) {
    const says = include
      ? "Mail leaves by your provider's addresses, whose names are theirs to keep."
      : "The mail server is in your own network: look at the address that it sends from.";
    return finding("PTR", include ? "ok" : "unknown", says);
  }
  const found: string[] = [];
  for (const address of senders) {
    const names = await dns.reverse(address);
    found.push(...names.map((name) => `${address} is ${name}`));
    const back = (await Promise.all(names.map((name) => dns.addresses(name)))).flat();
    if (back.some((each) => ipaddr.process(each).toString() === ipaddr.process(address).toString())) continue;
    const says =
      names.length === 0 ? `${address} has no name.` : `${address} has a name that does not lead back to it.`;
    return finding("PTR", "fail", `${says} Whoever gives you the address sets it.`, {
      found,
      publish: { type: "PTR", name: address, value: host },
    });
  }
  return finding("PTR", "ok", "Every address of the mail server has a name that leads back to it.", {
    found,
  });
}

async function checkMx(env: SendingDomain, dns: Dns): Promise<DomainFinding> {
  const domain = env.BOUNCE_DOMAIN ?? domainOf(env.MAIL_FROM);
  const records = await dns.mx(domain);
  const found = records.map(({ priority, exchange }) => `${priority} ${exchange || "."}`);
  const publish = { type: "MX", name: domain, value: "10 <the name of the machine that takes it>" } as const;
  if (records.length > 0 && records.every(({ exchange }) => exchange === "" || exchange === ".")) {
    return finding("MX", "fail", `${domain} says that it takes no mail, so nothing can come back.`, {
      found,
      publish,
    });
  }
  const takers = await Promise.all(
    (records.length > 0 ? records.map(({ exchange }) => exchange) : [domain]).map((name) =>
      dns.addresses(name),
    ),
  );
  if (takers.flat().length === 0) {
    const says = records.length === 0 ? `${domain} has no MX record` : `The MX of ${domain} has no address`;
    return finding("MX", "fail", `${says}, so nothing can come back.`, { found, publish });
  }
  if (!env.BOUNCE_DOMAIN) {
    const says = `What comes back reaches the mailbox of ${domain}, and nothing counts it. Set BOUNCE_DOMAIN, or your provider's webhooks.`;
    return finding("MX", "warn", says, { found });
  }
  return finding("MX", "ok", `What comes back is taken for ${domain}.`, { found });
}
