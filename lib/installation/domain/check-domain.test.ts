import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { DkimKey } from "@/lib/mail/dkim";
import { dkimRecord, loadDkimKey, makeDkimKey } from "@/lib/mail/dkim-key";
import { checkDomain, type DomainFinding, type DomainPart, type SendingDomain } from "./check-domain";
import { askDns } from "./dns";
import { startDnsServer, type Zone } from "./dns-server.fixture";

const ENV: SendingDomain = {
  MAIL_FROM: "weekly@example.com",
  BOUNCE_DOMAIN: "bounce.example.com",
  SMTP_URL: "smtp://mail.example.com:587",
};

let key: DkimKey;
let GOOD: Record<string, readonly string[]>;

beforeAll(() => {
  const file = join(mkdtempSync(join(tmpdir(), "masthead-domain-")), "key.pem");
  makeDkimKey(file, "rsa");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(() => makeDkimKey(file, "rsa")).toThrow("never overwritten");
  const made = loadDkimKey({ MAIL_FROM: ENV.MAIL_FROM, DKIM_SELECTOR: "m1", DKIM_KEY_FILE: file });
  if (!made) throw new Error("No key was made.");
  key = made;
  const { name, text } = dkimRecord(key);
  GOOD = {
    "TXT bounce.example.com": ["v=spf1 include:_spf.example.com -all", "something else"],
    "TXT _spf.example.com": ["v=spf1 ip4:8.8.4.0/24 ~all"],
    [`TXT ${name}`]: [text],
    "TXT _dmarc.example.com": ["v=DMARC1; p=reject; rua=mailto:dmarc@example.com"],
    "A mail.example.com": ["8.8.4.4"],
    "PTR 4.4.8.8.in-addr.arpa": ["mail.example.com"],
    "MX bounce.example.com": ["10 mail.example.com"],
  };
});

type Asked = { records?: Zone["records"]; silent?: string[]; env?: Partial<SendingDomain>; noKey?: boolean };

async function look({ records = {}, silent = [], env = {}, noKey = false }: Asked = {}) {
  const server = await startDnsServer({ records: { ...GOOD, ...records }, silent });
  onTestFinished(() => server.close());
  const dns = askDns({ server: server.server, deadlineMs: 1_000 });
  const findings = await checkDomain({ ...ENV, ...env }, noKey ? null : key, dns);
  return Object.fromEntries(findings.map((each) => [each.part, each])) as Record<DomainPart, DomainFinding>;
}

const levels = (found: Record<string, DomainFinding>) =>
  Object.fromEntries(Object.entries(found).map(([part, { level }]) => [part, level]));

test("a domain that is set up well has nothing to publish", async () => {
  const found = await look();
  expect(levels(found)).toEqual({ SPF: "ok", DKIM: "ok", DMARC: "ok", PTR: "ok", MX: "ok" });
  expect(Object.values(found).map(({ publish }) => publish)).toEqual([null, null, null, null, null]);
});

test("a domain with nothing is told every record, word for word", async () => {
  const nothing = Object.fromEntries(Object.keys(GOOD).map((name) => [name, []]));
  const found = await look({ records: { ...nothing, "A mail.example.com": ["8.8.4.4"] } });
  expect(levels(found)).toEqual({ SPF: "fail", DKIM: "fail", DMARC: "fail", PTR: "fail", MX: "fail" });
  expect(found.SPF.publish).toEqual({
    type: "TXT",
    name: "bounce.example.com",
    value: "v=spf1 ip4:8.8.4.4 -all",
  });
  expect(found.DKIM.publish).toEqual({
    type: "TXT",
    name: dkimRecord(key).name,
    value: dkimRecord(key).text,
  });
  expect(found.DMARC.publish).toMatchObject({
    name: "_dmarc.example.com",
    value: expect.stringMatching(/^v=DMARC1; p=none/),
  });
  expect(found.PTR.publish).toEqual({ type: "PTR", name: "8.8.4.4", value: "mail.example.com" });
  expect(found.MX.publish).toMatchObject({ type: "MX", name: "bounce.example.com" });
});

const spf = (...texts: string[]) => ({ "TXT bounce.example.com": texts });
const chain = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [
    `TXT s${index}.example.com`,
    [`v=spf1 include:s${index + 1}.example.com -all`],
  ]),
);

describe("SPF", () => {
  test.each<[string, Zone["records"], level: string, says: RegExp, publish: string | null]>([
    ["names the address", spf("v=spf1 ip4:8.8.4.4 -all"), "ok", /0 look-ups/, null],
    ["names it by the server's name", spf("v=spf1 a:mail.example.com -all"), "ok", /1 look-ups/, null],
    ["names it by MX", spf("v=spf1 mx -all"), "ok", /1 look-ups/, null],
    ["leads elsewhere", spf("v=spf1 redirect=_spf.example.com"), "ok", /1 look-ups/, null],
    [
      "names another range",
      spf("v=spf1 ip4:8.8.8.0/24 -all"),
      "fail",
      /does not name/,
      "v=spf1 ip4:8.8.8.0/24 ip4:8.8.4.4 -all",
    ],
    [
      "forbids the address",
      spf("v=spf1 -ip4:8.8.4.4 -all"),
      "fail",
      /does not name .* before -ip4:8\.8\.4\.4\./,
      "v=spf1 ip4:8.8.4.4 -all",
    ],
    [
      "forbids the address before it allows its range",
      spf("v=spf1 -ip4:8.8.4.4 ip4:8.8.4.0/24 -all"),
      "fail",
      /does not name .* before -ip4:8\.8\.4\.4\./,
      "v=spf1 ip4:8.8.4.4 ip4:8.8.4.0/24 -all",
    ],
    [
      "forbids a range that the address is in",
      spf("v=spf1 ~ip4:8.8.0.0/16 a:mail.example.com -all"),
      "fail",
      /does not name .* before ~ip4:8\.8\.0\.0\/16\./,
      "v=spf1 ip4:8.8.4.4 ~ip4:8.8.0.0/16 a:mail.example.com -all",
    ],
    [
      "names the address behind its all",
      spf("v=spf1 -all ip4:8.8.4.4"),
      "fail",
      /does not name .* before -all\./,
      "v=spf1 ip4:8.8.4.4 -all",
    ],
    [
      "says nothing of the address",
      spf("v=spf1 ip4:8.8.8.8"),
      "fail",
      /does not name your mail server mail\.example\.com\./,
      "v=spf1 ip4:8.8.8.8 ip4:8.8.4.4",
    ],
    [
      "leads where the address is not named",
      { ...spf("v=spf1 redirect=other.example.com"), "TXT other.example.com": ["v=spf1 -all"] },
      "fail",
      /does not name your mail server mail\.example\.com\./,
      "v=spf1 ip4:8.8.4.4 redirect=other.example.com",
    ],
    [
      "stands twice",
      spf("v=spf1 ip4:8.8.4.4 -all", "v=spf1 mx -all"),
      "fail",
      /2 SPF records/,
      "v=spf1 ip4:8.8.4.4 -all",
    ],
    [
      "has another version",
      spf("v=spf10 ip4:8.8.4.4 -all"),
      "fail",
      /no SPF record/,
      "v=spf1 ip4:8.8.4.4 -all",
    ],
    [
      "needs eleven look-ups",
      { ...spf("v=spf1 include:s0.example.com -all"), ...chain },
      "fail",
      /more than 10/,
      null,
    ],
    ["includes itself", spf("v=spf1 include:bounce.example.com -all"), "fail", /more than 10/, null],
    ["has a macro", spf("v=spf1 exists:%{i}.spf.example.com -all"), "warn", /only a real mail/, null],
    [
      "names the address behind a macro",
      spf("v=spf1 exists:%{i}.example.com mx -all"),
      "ok",
      /2 look-ups/,
      null,
    ],
    [
      "includes what is not there",
      spf("v=spf1 include:gone.example.com ip4:8.8.4.4 -all"),
      "fail",
      /"include:gone\.example\.com" at bounce\.example\.com leads to no SPF record/,
      null,
    ],
    [
      "includes what is not there behind the address",
      spf("v=spf1 ip4:8.8.4.4 include:gone.example.com -all"),
      "warn",
      /lets your mail server send\. For all others: "include:gone/,
      null,
    ],
    [
      "has a broken range",
      spf("v=spf1 ip4:8.8.4.0/24 ip4:1.2.3.999 -all"),
      "fail",
      /"ip4:1\.2\.3\.999" at bounce\.example\.com is no range of IPv4 addresses/,
      null,
    ],
    [
      "has a word that nobody knows",
      spf("v=spf1 ipv4:1.2.3.4 ip4:8.8.4.4 -all"),
      "fail",
      /"ipv4:1\.2\.3\.4" at bounce\.example\.com is nothing that SPF knows/,
      null,
    ],
    [
      "includes a broken record",
      {
        ...spf("v=spf1 include:other.example.com ip4:8.8.4.4 -all"),
        "TXT other.example.com": ["v=spf1 mx: ~all"],
      },
      "fail",
      /"mx:" at other\.example\.com names no domain/,
      null,
    ],
    ["lets everybody send", spf("v=spf1 +all"), "warn", /anybody .*\(\+all\)/, "v=spf1 ip4:8.8.4.4 ~all"],
    [
      "names the address, and then everybody",
      spf("v=spf1 mx all"),
      "warn",
      /anybody .*\(all\)/,
      "v=spf1 mx ~all",
    ],
    ["names every address there is", spf("v=spf1 ip4:0.0.0.0/0 -all"), "warn", /anybody/, null],
    [
      "includes everybody",
      { ...spf("v=spf1 include:other.example.com -all"), "TXT other.example.com": ["v=spf1 +all"] },
      "warn",
      /anybody .*\(include:other/,
      null,
    ],
  ])("that %s", async (_name, records, level, says, publish) => {
    const found = (await look({ records })).SPF;
    expect(found).toMatchObject({ level, says: expect.stringMatching(says) });
    expect(found.publish?.value ?? null).toBe(publish);
  });

  const env = { SMTP_URL: "smtp://email-smtp.eu-west-1.amazonaws.com:587" };
  test("of a provider that sends from elsewhere needs its include", async () => {
    const without = (await look({ env })).SPF;
    expect(without.publish?.value).toBe("v=spf1 include:_spf.example.com include:amazonses.com -all");
  });

  const include = "include:amazonses.com";
  const behind = { "TXT amazonses.com": ["v=spf1 ip4:199.255.192.0/22 -all"] };
  test.each<[string, Zone["records"], level: string, publish: string | null]>([
    ["has its include", { ...behind, ...spf(`v=spf1 ${include} -all`) }, "ok", null],
    ["leads there", { ...behind, ...spf("v=spf1 redirect=amazonses.com") }, "ok", null],
    [
      "includes what has its include",
      { ...behind, ...spf("v=spf1 include:o.example.com -all"), "TXT o.example.com": [`v=spf1 ${include}`] },
      "ok",
      null,
    ],
    [
      "has its include behind its all",
      { ...behind, ...spf(`v=spf1 mx -all ${include}`) },
      "fail",
      `v=spf1 mx ${include} -all`,
    ],
    [
      "forbids its include",
      { ...behind, ...spf(`v=spf1 mx -${include} -all`) },
      "fail",
      `v=spf1 mx ${include} -all`,
    ],
    ["includes what is not there", spf(`v=spf1 ${include} -all`), "fail", null],
    ["lets everybody send", { ...behind, ...spf("v=spf1 +all") }, "warn", `v=spf1 ${include} ~all`],
  ])("of a provider that %s", async (_name, records, level, publish) => {
    const found = (await look({ env, records })).SPF;
    expect([found.level, found.publish?.value ?? null]).toEqual([level, publish]);
  });

  test("that names one address of the mail server and not the other is told so", async () => {
    const records = { ...spf("v=spf1 ip4:8.8.4.4 -all"), "AAAA mail.example.com": ["2a00:1450:4001::5"] };
    expect((await look({ records })).SPF).toMatchObject({
      level: "warn",
      says: expect.stringContaining("at 2a00:1450:4001::5 before -all"),
      publish: { value: "v=spf1 ip4:8.8.4.4 ip6:2a00:1450:4001::5 -all" },
    });
  });

  test.each([
    "v=spf1 -all ip4:8.8.4.4",
    "v=spf1 -ip4:8.8.4.4 ip4:8.8.4.0/24 -all",
    "v=spf1 -ip4:8.8.4.4 -ip4:8.8.0.0/16 -all",
    "v=spf1 ?mx ~all",
    "v=spf1 redirect=gone.example.com",
    "v=spf1 +all",
  ])("after what is published as told for %s is well", async (record) => {
    const records = { ...spf(record), "TXT gone.example.com": ["v=spf1 -all"] };
    const { publish } = (await look({ records })).SPF;
    expect((await look({ records: { ...records, ...spf(publish?.value ?? "") } })).SPF.level).toBe("ok");
  });

  test("of a server in the own network is for the operator to judge", async () => {
    const found = await look({ env: { SMTP_URL: "smtp://127.0.0.1:25" } });
    expect([found.SPF.level, found.PTR.level]).toEqual(["warn", "unknown"]);
  });

  test.each([
    ["that breaks", "v=spf1 ipv4:8.8.4.4 -all", "fail", /"ipv4:8\.8\.4\.4"/],
    ["that lets everybody send", "v=spf1 +all", "warn", /anybody/],
  ])("of a server in the own network %s is told", async (_name, record, level, says) => {
    const found = (await look({ env: { SMTP_URL: "smtp://127.0.0.1:25" }, records: spf(record) })).SPF;
    expect(found).toMatchObject({ level, says: expect.stringMatching(says), publish: null });
  });
});

describe("DKIM", () => {
  const name = () => `TXT ${dkimRecord(key).name}`;
  test.each<[string, (text: string) => string[], level: string, says: RegExp]>([
    [
      "is written with spaces",
      (text) => [text.replace("p=", "p= ").replace("k=rsa; ", "")],
      "ok",
      /verifies/,
    ],
    ["is another", () => ["v=DKIM1; k=rsa; p=MIIBIjANBgkq"], "fail", /another/],
    ["is revoked", () => ["v=DKIM1; p="], "fail", /revoked/],
    ["is a test", (text) => [`${text}; t=y`], "warn", /test/],
    ["stands twice", (text) => [text, text], "fail", /several/],
    ["is no key", () => ["hello"], "fail", /no key/],
  ])("whose record %s", async (_name, record, level, says) => {
    const found = (await look({ records: { [name()]: record(dkimRecord(key).text) } })).DKIM;
    expect(found).toMatchObject({ level, says: expect.stringMatching(says) });
  });

  test("without a key says how to make one", async () => {
    expect((await look({ noKey: true })).DKIM).toMatchObject({
      level: "warn",
      says: expect.stringContaining("dkim make"),
    });
  });
});

describe("DMARC", () => {
  const at = (name: string, ...texts: string[]) => ({ [`TXT _dmarc.${name}`]: texts });
  test.each<[string, Asked, level: string, says: RegExp]>([
    [
      "of the organization covers what is below",
      { env: { MAIL_FROM: "w@news.example.com" } },
      "ok",
      /p=reject/,
    ],
    [
      "says another thing for what is below",
      { env: { MAIL_FROM: "w@news.example.com" }, records: at("example.com", "v=DMARC1; p=reject; sp=none") },
      "ok",
      /p=none/,
    ],
    [
      "stands twice",
      { records: at("example.com", "v=DMARC1; p=none", "v=DMARC1; p=reject") },
      "fail",
      /several/,
    ],
    ["writes its word large", { records: at("example.com", "v=DMARC1; p=Reject") }, "ok", /p=reject/],
    ["writes its tags large", { records: at("example.com", "V=DMARC1; P=NONE") }, "ok", /p=none/],
    [
      "has white space around what parts it",
      { records: at("example.com", "v = DMARC1 ;\tp\t= quarantine") },
      "ok",
      /p=quarantine/,
    ],
    ["has another version", { records: at("example.com", "v=dmarc1; p=none") }, "fail", /no DMARC policy/],
    ["has an unknown word", { records: at("example.com", "v=DMARC1; p=maybe") }, "fail", /p=maybe/],
    [
      "of another domain for the return path",
      { env: { BOUNCE_DOMAIN: "bounce.other.example" } },
      "warn",
      /not aligned/,
    ],
    [
      "that is strict about the return path",
      { records: at("example.com", "v=DMARC1; p=none; aspf=s") },
      "warn",
      /not aligned/,
    ],
    [
      "that is strict about the return path, in large letters",
      { records: at("example.com", "v=DMARC1; p=none; aspf=S") },
      "warn",
      /not aligned/,
    ],
    [
      "of the organization says a large word for what is below",
      { env: { MAIL_FROM: "w@news.example.com" }, records: at("example.com", "v=DMARC1; p=reject; sp=None") },
      "ok",
      /p=none/,
    ],
    [
      "that is strict about the key, in large letters",
      {
        env: { MAIL_FROM: "w@news.example.com" },
        records: at("news.example.com", "v=DMARC1; p=none; adkim=S"),
      },
      "fail",
      /DKIM_DOMAIN=news/,
    ],
    [
      "says in large letters that nothing is known of a suffix",
      {
        env: { MAIL_FROM: "w@news.example.com" },
        records: at("news.example.com", "v=DMARC1; p=none; psd=U"),
      },
      "ok",
      /p=none/,
    ],
    [
      "of a public suffix in large letters keeps those below it apart",
      {
        env: { BOUNCE_DOMAIN: "bounce.other.com" },
        records: at("com", "v=DMARC1; p=none; psd=Y"),
      },
      "warn",
      /not aligned/,
    ],
    [
      "that is strict about the key",
      {
        env: { MAIL_FROM: "w@news.example.com" },
        records: at("news.example.com", "v=DMARC1; p=none; adkim=s"),
      },
      "fail",
      /DKIM_DOMAIN=news/,
    ],
    [
      "of a sender that the key is not for",
      { env: { MAIL_FROM: "w@other.example" }, records: at("other.example", "v=DMARC1; p=none") },
      "fail",
      /DKIM_DOMAIN=other/,
    ],
    [
      "below a public suffix",
      {
        env: { MAIL_FROM: "w@example.com" },
        records: { ...at("com", "v=DMARC1; p=none; psd=y"), ...at("example.com") },
      },
      "ok",
      /_dmarc.com/,
    ],
  ])("%s", async (_name, asked, level, says) => {
    expect((await look(asked)).DMARC).toMatchObject({ level, says: expect.stringMatching(says) });
  });
});

test.each<[string, Asked, DomainPart, string, RegExp]>([
  [
    "a name that leads elsewhere",
    { records: { "PTR 4.4.8.8.in-addr.arpa": ["other.example.com"], "A other.example.com": ["8.8.8.8"] } },
    "PTR",
    "fail",
    /does not lead back/,
  ],
  [
    "a domain that takes no mail",
    { records: { "MX bounce.example.com": ["0 ."] } },
    "MX",
    "fail",
    /takes no mail/,
  ],
  [
    "an MX without an address",
    { records: { "MX bounce.example.com": ["10 gone.example.com"] } },
    "MX",
    "fail",
    /no address/,
  ],
  [
    "mail that comes back to a mailbox",
    { env: { BOUNCE_DOMAIN: undefined }, records: { "MX example.com": ["10 mail.example.com"] } },
    "MX",
    "warn",
    /nothing counts it/,
  ],
])("%s is told", async (_name, asked, part, level, says) => {
  expect((await look(asked))[part]).toMatchObject({ level, says: expect.stringMatching(says) });
});

test("a DNS that does not answer makes that part unknown, in time, and hides no other", async () => {
  const since = Date.now();
  const found = await look({ silent: ["_dmarc.example.com"] });
  expect(levels(found)).toEqual({ SPF: "ok", DKIM: "ok", DMARC: "unknown", PTR: "ok", MX: "ok" });
  expect(Date.now() - since).toBeLessThan(5_000);
});
