import { Resolver } from "node:dns/promises";
import { spf as mailauth } from "mailauth/lib/spf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askDns, type Dns } from "./dns";
import { startDnsServer, type Zone } from "./dns-server.fixture";
import { ANYBODY, checkHost } from "./spf";

const many = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => each(i));

const ZONE: Zone["records"] = {
  "TXT pass.example.com": ["v=spf1 ip4:8.8.4.4 -all", "another text"],
  "TXT fail.example.com": ["v=spf1 -all"],
  "TXT neutral.example.com": ["v=spf1"],
  "TXT twice.example.com": ["v=spf1 ip4:8.8.4.4", "v=spf1 -all"],
  "TXT none.example.com": ["v=spf10 ip4:8.8.4.4"],
  "TXT broken.example.com": ["v=spf1 ip4:8.8.4.400"],
  "TXT gone-behind.example.com": ["v=spf1 ip4:8.8.4.4 include:gone.example.com"],
  "TXT macro.example.com": ["v=spf1 exists:%{i}.example.com -all"],
  "TXT loop.example.com": ["v=spf1 include:loop.example.com"],
  "TXT leads.example.com": ["v=spf1 redirect=pass.example.com"],
  "A mail.example.com": ["8.8.4.4"],
  "AAAA six.example.com": ["2001:db8::5"],
  "A near.example.com": ["8.8.4.9"],
  "A d.example.com": ["8.8.4.4"],
  "MX d.example.com": ["10 near.example.com", "20 mail.example.com"],
  "MX null.example.com": ["0 ."],
  "MX crowd.example.com": many(11, (i) => `${i} mail.example.com`),
  "PTR 4.4.8.8.in-addr.arpa": ["mail.example.com"],
  "PTR 5.4.8.8.in-addr.arpa": ["mail.example.com"],
};

let dns: Dns;
let server: Awaited<ReturnType<typeof startDnsServer>>;
const resolver = new Resolver();

beforeAll(async () => {
  server = await startDnsServer({ records: ZONE });
  dns = askDns({ server: server.server, deadlineMs: 60_000 });
  resolver.setServers([server.server]);
});
afterAll(() => server.close());

const DOMAIN = "d.example.com";

async function ours(terms: string, address = "8.8.4.4") {
  const { result, lookups } = await checkHost(`v=spf1 ${terms}`, DOMAIN, { address, provider: null }, dns);
  return { result, lookups };
}

/** What mailauth, which shares no code with ours, says of the same record. */
async function theirs(terms: string, address = "8.8.4.4") {
  const { status } = await mailauth({
    sender: `weekly@${DOMAIN}`,
    ip: address,
    helo: "mail.example.com",
    resolver: async (name, type) =>
      name === DOMAIN && type === "TXT"
        ? [[`v=spf1 ${terms}`]]
        : (resolver.resolve(name, type) as Promise<string[][]>),
  });
  return status.result;
}

type Row = [terms: string, result: string, lookups: number, address?: string];

describe("a policy", () => {
  const rows: Row[] = [
    // Ranges, and which of them comes first.
    ["ip4:8.8.4.4 -all", "pass", 0],
    ["ip4:8.8.4.0/24 -all", "pass", 0],
    ["ip4:8.8.5.0/24 -all", "fail", 0],
    ["ip6:2001:db8::/32 -all", "pass", 0, "2001:db8::5"],
    ["ip6:2001:db8::/32 -all", "fail", 0],
    ["ip4:8.8.4.4 -all", "pass", 0, "::ffff:8.8.4.4"],
    ["-ip4:8.8.4.4 ip4:8.8.4.0/24 -all", "fail", 0],
    ["ip4:8.8.4.0/24 -ip4:8.8.4.4 -all", "pass", 0],
    ["-all ip4:8.8.4.4", "fail", 0],
    // What a match means.
    ["+ip4:8.8.4.4 -all", "pass", 0],
    ["~ip4:8.8.4.4 -all", "softfail", 0],
    ["?ip4:8.8.4.4 -all", "neutral", 0],
    ["+all", "pass", 0],
    ["ALL", "pass", 0],
    ["~all", "softfail", 0],
    ["?all", "neutral", 0],
    ["", "neutral", 0],
    ["ip4:8.8.8.8", "neutral", 0],
    // Hosts.
    ["a -all", "pass", 1],
    ["A:MAIL.example.com -all", "pass", 1],
    ["a:near.example.com -all", "fail", 1],
    ["a:near.example.com/24 -all", "pass", 1],
    ["a:near.example.com//24 -all", "fail", 1],
    ["a:six.example.com/8//64 -all", "pass", 1, "2001:db8::9"],
    ["mx -all", "pass", 1],
    ["mx/24 -all", "pass", 1, "8.8.4.200"],
    ["mx:null.example.com -all", "fail", 1],
    ["exists:mail.example.com -all", "pass", 1],
    ["exists:six.example.com -all", "fail", 1, "2001:db8::5"],
    ["ptr:example.com -all", "pass", 1],
    ["ptr:other.example -all", "fail", 1],
    ["ptr:example.com -all", "fail", 1, "8.8.4.5"],
    // Where it leads.
    ["include:pass.example.com -all", "pass", 1],
    ["include:fail.example.com ~all", "softfail", 1],
    ["include:neutral.example.com ~all", "softfail", 1],
    ["-include:pass.example.com +all", "fail", 1],
    ["include:leads.example.com -all", "pass", 2],
    ["redirect=pass.example.com", "pass", 1],
    ["redirect=pass.example.com ip4:8.8.8.8", "pass", 1],
    ["redirect=fail.example.com ip4:8.8.4.4", "pass", 0],
    ["redirect=pass.example.com ?all", "neutral", 0],
    ["include:gone-behind.example.com -all", "pass", 1],
    ["include:gone.example.com ip4:8.8.4.4 -all", "permerror", 1],
    ["include:none.example.com ip4:8.8.4.4 -all", "permerror", 1],
    ["include:twice.example.com -all", "permerror", 1],
    ["include:broken.example.com ip4:8.8.4.4 -all", "permerror", 1],
    ["redirect=gone.example.com", "permerror", 1],
    ["redirect=none.example.com", "permerror", 1],
    ["ip4:8.8.4.4 include:gone.example.com -all", "pass", 0],
    // Words and values that are none.
    ["ipv4:1.2.3.4 ip4:8.8.4.4 -all", "permerror", 0],
    ["ip4:1.2.3.999 ip4:8.8.4.4 -all", "permerror", 0],
    ["ip4:8.8.4 -all", "permerror", 0],
    ["ip4:8.8.4.4/33 -all", "permerror", 0],
    ["ip4: -all", "permerror", 0],
    ["ip6:nonsense -all", "permerror", 0],
    ["ip6:2001:db8::/129 -all", "permerror", 0],
    ["a:mail.example.com/024 -all", "permerror", 0],
    ["all:mail.example.com", "permerror", 0],
    ["mx: -all", "permerror", 0],
    ["redirect=pass.example.com redirect=pass.example.com", "permerror", 0],
    ["redirect=", "permerror", 0],
    ["ip4:8.8.4.4 -all nonsense", "permerror", 0],
    ["moo=cow ip4:8.8.4.4 -all", "pass", 0],
    // Limits.
    [`${many(10, () => "a:near.example.com").join(" ")} ip4:8.8.4.4 -all`, "pass", 10],
    [`${many(11, () => "a:near.example.com").join(" ")} ip4:8.8.4.4 -all`, "permerror", 11],
    [`ip4:8.8.4.4 ${many(11, () => "a:near.example.com").join(" ")} -all`, "pass", 0],
    ["include:loop.example.com -all", "permerror", 11],
    ["a:gone.example.com mx:gone.example.com ip4:8.8.4.4 -all", "pass", 2],
    ["a:gone.example.com mx:gone.example.com exists:gone.example.com ip4:8.8.4.4", "permerror", 3],
  ];

  test.each(rows)("%j comes to %s after %i look-ups", async (terms, result, lookups, address) => {
    expect(await ours(terms, address)).toEqual({ result, lookups });
    expect(await theirs(terms, address)).toBe(result);
  });

  // Where mailauth reads on past what breaks a record, or asks by the mail at hand.
  test.each<Row>([
    ["ip4:8.8.4.4 ip4:1.2.3.999 -all", "permerror", 0],
    ["ip4:8.8.4.4 a:localhost -all", "permerror", 0],
    ["ip4:2001:db8::1 -all", "permerror", 0],
    ["ip6:::/0 -all", "pass", 0, "2001:db8::5"],
    ["mx:crowd.example.com -all", "permerror", 1],
    ["exists:%{i}.example.com -all", "unclear", 1],
    ["-exists:%{i}.example.com ip4:8.8.4.4", "unclear", 1],
    ["exists:%{i}.example.com ip4:8.8.4.4 -all", "pass", 1],
    ["-exists:%{i}.example.com -all", "fail", 1],
    ["include:macro.example.com -all", "unclear", 2],
    ["redirect=%{d2}.example.com", "unclear", 1],
    ["exists:%{z}.example.com -all", "permerror", 0],
  ])("%j comes to %s after %i look-ups, by the letter", async (terms, result, lookups, address) => {
    expect(await ours(terms, address)).toEqual({ result, lookups });
  });

  test.each([
    ["+all", "pass"],
    ["ip4:8.8.4.4 all", "pass"],
    ["ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all", "pass"],
    ["ip4:8.8.4.4 -all", "fail"],
    ["ptr -all", "unclear"],
  ])("%j says of anybody: %s", async (terms, result) => {
    expect((await checkHost(`v=spf1 ${terms}`, DOMAIN, ANYBODY, dns)).result).toBe(result);
  });
});
