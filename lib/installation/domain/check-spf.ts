/** Whether receivers who follow the published SPF policy let the mail server send, and nobody who should not. */
import type { Dns } from "./dns";
import { type DomainFinding, finding } from "./finding";
import { includeFor } from "./providers";
import { ANYBODY, checkHost, listSpf, type Sender, type Verdict } from "./spf";

type Policy = {
  domain: string;
  record: string;
  host: string | null;
  /** Where mail leaves from, with the mechanism that names it. None for a mail server in the own network. */
  ours: { sender: Sender; mechanism: string; verdict: Verdict }[];
  anybody: Verdict;
};

/** `senders` are the public addresses of the mail server `host`. */
export async function checkSpf(
  domain: string,
  host: string | null,
  senders: string[],
  dns: Dns,
): Promise<DomainFinding> {
  const found = await listSpf(domain, dns);
  const ways = waysOf(host, senders);
  const allow = ways.length > 0 ? ways.map(({ mechanism }) => mechanism) : ["mx"];
  const [record] = found;
  if (!record) {
    const publish = published(domain, ["v=spf1", ...allow, "-all"].join(" "));
    return finding("SPF", "fail", `${domain} has no SPF record.`, { publish });
  }
  if (found.length > 1) {
    const says = `${domain} has ${found.length} SPF records, and receivers then believe none. Keep one.`;
    return finding("SPF", "fail", says, { found, publish: published(domain, added(record, allow)) });
  }
  const verdictOf = (sender: Sender) => checkHost(record, domain, sender, dns);
  const [anybody, ours] = await Promise.all([
    verdictOf(ANYBODY),
    Promise.all(ways.map(async (way) => ({ ...way, verdict: await verdictOf(way.sender) }))),
  ]);
  return { ...judge({ domain, record, host, ours, anybody }), found };
}

function waysOf(host: string | null, senders: string[]) {
  const provider = includeFor(host);
  if (provider) return [{ sender: { address: null, provider }, mechanism: `include:${provider}` }];
  return senders.map((address) => ({
    sender: { address, provider: null },
    mechanism: `${address.includes(":") ? "ip6" : "ip4"}:${address}`,
  }));
}

const published = (domain: string, value: string) => ({ type: "TXT" as const, name: domain, value });

function judge(policy: Policy): DomainFinding {
  const { domain, ours, anybody } = policy;
  const [broken] = ours.flatMap(({ verdict }) => verdict.why ?? []);
  if (broken) return finding("SPF", "fail", broken);
  if (ours.some(isRefused)) return refusal(policy);
  const unclear = ours.flatMap(({ verdict }) => (verdict.result === "unclear" ? verdict.unclear : []));
  if (unclear.length > 0) {
    const says = `${domain} has a record that only a real mail can decide (${[...new Set(unclear)].join(", ")}).`;
    return finding("SPF", "warn", says);
  }
  if (anybody.result === "pass") return openness(policy);
  if (ours.length === 0) {
    if (anybody.why) return finding("SPF", "fail", anybody.why);
    const says = `${domain} has one record. The mail server is in your own network: make sure that the address it sends from is in it.`;
    return finding("SPF", "warn", says);
  }
  if (anybody.why) {
    return finding("SPF", "warn", `${domain} lets your mail server send. For all others: ${anybody.why}`);
  }
  const lookups = Math.max(...ours.map(({ verdict }) => verdict.lookups));
  return finding("SPF", "ok", `${domain} lets your mail server send (${lookups} look-ups).`);
}

const isRefused = ({ verdict }: Policy["ours"][number]) =>
  ["fail", "softfail", "neutral"].includes(verdict.result);

function refusal({ domain, record, host, ours }: Policy): DomainFinding {
  const refused = ours.filter(isRefused);
  const some = refused.length < ours.length;
  const terms = [...new Set(refused.flatMap(({ verdict }) => verdict.term ?? []))];
  const where = some ? ` at ${refused.map(({ sender }) => sender.address).join(" and ")}` : "";
  const before = terms.length > 0 ? ` before ${terms.join(" or ")}` : "";
  const value = added(
    record,
    refused.map(({ mechanism }) => mechanism),
    terms,
  );
  return finding(
    "SPF",
    some ? "warn" : "fail",
    `${domain} does not name your mail server ${host}${where}${before}.`,
    { publish: published(domain, value) },
  );
}

/** What everybody passes by can be told word for word only where it is an `all` of the record itself. */
function openness({ domain, record, ours, anybody }: Policy): DomainFinding {
  const { term } = anybody;
  const says = `${domain} lets anybody send as you${term ? ` (${term})` : ""}. Name only what sends your mail.`;
  if (!term || !isAll(term) || ours.length === 0) return finding("SPF", "warn", says);
  const unnamed = ours.flatMap(({ verdict, mechanism }) => (verdict.term === term ? [mechanism] : []));
  const terms = added(record, unnamed).split(/ +/);
  // Not yet -all: other servers than ours may send for the domain, and passed until now.
  const value = terms.map((each) => (each === term ? "~all" : each)).join(" ");
  return finding("SPF", "warn", says, { publish: published(domain, value) });
}

const isAll = (term: string) => /^[+?~-]?all$/i.test(term);

/** The record with more mechanisms, ahead of what decides without them: the first match wins. */
function added(record: string, mechanisms: readonly string[], decisive: readonly string[] = []): string {
  const terms = record.split(/ +/);
  const decides = terms.findIndex(
    (term) => isAll(term) || /^redirect=/i.test(term) || decisive.includes(term),
  );
  const at = decides < 0 ? terms.length : decides;
  const others = (term: string) => !mechanisms.includes(term.replace(/^[+?~-]/, ""));
  return [...terms.slice(0, at).filter(others), ...mechanisms, ...terms.slice(at).filter(others)].join(" ");
}
