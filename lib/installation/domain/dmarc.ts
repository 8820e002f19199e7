/** Finds the DMARC policy for a domain as receivers do: by the tree walk of RFC 9989. */
import type { Dns } from "./dns";

export type Dmarc = {
  /** Where it stands, without `_dmarc.`. */
  domain: string;
  record: string;
  tags: ReadonlyMap<string, string>;
};

const MOST_STEPS = 8;

/** RFC 7489 6.4: white space may stand around what parts it; `DMARC1` itself is the one word that minds its case. */
const POLICY = /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)/;

/** What a tag says, for those that say one of a few words: in any case (RFC 7489 6.4), here in small letters. */
export const wordOf = (tags: Dmarc["tags"], name: string) => tags.get(name)?.toLowerCase();

/** The domain itself and those above it; of a very long name RFC 9989 4.10 asks only for the last seven labels. */
function upwards(domain: string): string[] {
  const labels = domain.split(".");
  const above = labels.map((_, index) => labels.slice(index).join(".")).slice(1);
  return [domain, ...above.filter((name) => name.split(".").length < MOST_STEPS)];
}

/** Every policy from the domain upwards. `duplicates` names where several stand, which receivers take for none. */
export async function walkDmarc(domain: string, dns: Dns): Promise<{ found: Dmarc[]; duplicates: string[] }> {
  const found: Dmarc[] = [];
  const duplicates: string[] = [];
  for (const name of upwards(domain)) {
    const records = (await dns.txt(`_dmarc.${name}`)).filter((text) => POLICY.test(text));
    if (records.length > 1) duplicates.push(name);
    const [record] = records.length === 1 ? records : [];
    if (!record) continue;
    const tags = readTags(record);
    found.push({ domain: name, record, tags });
    if (tags.has("psd") && wordOf(tags, "psd") !== "u") break;
  }
  return { found, duplicates };
}

/** RFC 9989 4.10.2: the domain that says so (psd=n), the one below a public suffix (psd=y), else the shortest name. */
function organizationOf(domain: string, found: readonly Dmarc[]): string {
  const own = found.find(({ tags }) => wordOf(tags, "psd") === "n");
  if (own) return own.domain;
  const suffix = found.find(({ tags }) => wordOf(tags, "psd") === "y");
  if (suffix && suffix.domain !== domain) {
    return domain
      .split(".")
      .slice(-(suffix.domain.split(".").length + 1))
      .join(".");
  }
  return found.at(-1)?.domain ?? domain;
}

/** The domain's own policy, else that of its organization; and what it says for this domain. */
export function policyFor(domain: string, found: readonly Dmarc[]): (Dmarc & { wish: string }) | null {
  const own = found.find((each) => each.domain === domain);
  if (own) return { ...own, wish: wordOf(own.tags, "p") ?? "none" };
  const above = found.find((each) => each.domain === organizationOf(domain, found)) ?? found.at(-1);
  return above ? { ...above, wish: wordOf(above.tags, "sp") ?? wordOf(above.tags, "p") ?? "none" } : null;
}

/** Whether receivers take both for one sender: the same name, or, where that is enough, the same organization. */
export async function isAlignedWith(
  from: string,
  other: string,
  strict: boolean,
  dns: Dns,
): Promise<boolean> {
  if (from === other) return true;
  if (strict) return false;
  const [one, two] = await Promise.all([walkDmarc(from, dns), walkDmarc(other, dns)]);
  return organizationOf(from, one.found) === organizationOf(other, two.found);
}

/** `name=value; …`, as DKIM and DMARC write records. */
export function readTags(record: string): ReadonlyMap<string, string> {
  return new Map(
    record.split(";").flatMap((part) => {
      const [, name, value] = /^\s*(\w+)\s*=\s*([\s\S]*?)\s*$/.exec(part) ?? [];
      return name && value !== undefined ? [[name.toLowerCase(), value] as const] : [];
    }),
  );
}
