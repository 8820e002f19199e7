import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "@/lib/db";
import { startTestServer } from "@/lib/mail/smtp.fixture";
import { createPublication } from "@/prisma/factories";
import { readMigrations } from "@/prisma/migrate";
import { useTestDatabase } from "@/prisma/test-database";
import { checkDatabase } from "./check-database";
import { checkMailServer, checkSender, isAligned } from "./check-mail";
import { checkNode, checkPictures, checkSecrets, checkSite } from "./check-surroundings";
import { askDns } from "./domain/dns";
import { startDnsServer, type Zone } from "./domain/dns-server.fixture";
import type { Finding } from "./findings";

const levels = (findings: Finding[]) => Object.fromEntries(findings.map(({ name, level }) => [name, level]));

describe("the database", () => {
  const database = useTestDatabase();
  const now = () => new Date();
  let migrations: string[];
  beforeAll(async () => {
    await createPublication(database.db);
    migrations = (await readMigrations()).migrationDirectories.map(({ path }) => path);
  });

  test("in order, with a worker seen just now, is well", async () => {
    await database.db.workerHeartbeat.create({ data: { id: "w", startedAt: now(), seenAt: now() } });
    expect(levels(await checkDatabase(database.db, { migrations, now }))).toMatchObject({
      Database: "ok",
      Migrations: "ok",
      Clock: "ok",
      Worker: "ok",
    });
  });

  test("with a worker to which the mail server is away tells what it met", async () => {
    const { workerHeartbeat } = database.db;
    await workerHeartbeat.updateMany({ data: { mailTrouble: "nobody answers", mailTroubleAt: now() } });
    const found = await checkDatabase(database.db, { migrations, now });
    expect(found.find(({ name }) => name === "Worker")).toMatchObject({
      level: "warn",
      says: expect.stringContaining("nobody answers"),
    });
    await workerHeartbeat.updateMany({ data: { mailTrouble: null, mailTroubleAt: null } });
  });

  test("behind the code, with a silent worker and a clock that is off, fails in each", async () => {
    const seenAt = new Date(Date.now() - 10 * 60_000);
    await database.db.workerHeartbeat.updateMany({ data: { seenAt } });
    const behind = [...migrations, "29990101000000_later"];
    const late = () => new Date(Date.now() - 3_600_000);
    const found = levels(await checkDatabase(database.db, { migrations: behind, now: late }));
    expect(found).toMatchObject({ Database: "ok", Migrations: "fail", Clock: "fail", Worker: "fail" });
  });

  test("newer than the code fails", async () => {
    const found = levels(await checkDatabase(database.db, { migrations: migrations.slice(1), now }));
    expect(found.Migrations).toBe("fail");
  });

  test("that does not answer is one failure, with what to do", async () => {
    const nobody = createDatabase("postgres://nobody@127.0.0.1:1/none", { connections: 1 });
    const found = await checkDatabase(nobody, { migrations, now });
    expect(found).toMatchObject([{ level: "fail", advice: expect.stringContaining("DATABASE_URL") }]);
    await nobody.$disconnect();
  });
});

describe("the mail server", () => {
  test("that answers is well, and gets no mail", async () => {
    const server = await startTestServer({ fault: () => null });
    expect(await checkMailServer(server.url)).toMatchObject({ level: "ok" });
    expect(server.taken).toEqual([]);
    await server.close();
  });

  test("that nobody runs fails", async () => {
    expect(await checkMailServer("smtp://127.0.0.1:1")).toMatchObject({ level: "fail" });
  });
});

describe("the sender", () => {
  const env: Parameters<typeof checkSender>[0] = {
    MAIL_FROM: "weekly@news.example.com",
    PUBLIC_URL: "https://news.example.com",
    SMTP_URL: "smtp://mail.example.net",
    DNS_RESOLVER: undefined,
    DKIM_SELECTOR: "masthead",
    DKIM_KEY_FILE: undefined,
    DKIM_DOMAIN: undefined,
    BOUNCE_DOMAIN: undefined,
  };
  const GOOD = {
    "TXT news.example.com": ["v=spf1 ip4:8.8.4.0/24 -all"],
    "TXT _dmarc.example.com": ["v=DMARC1; p=none"],
    "A mail.example.net": ["8.8.4.4"],
    "PTR 4.4.8.8.in-addr.arpa": ["mail.example.net"],
    "MX news.example.com": ["10 mail.example.net"],
  };
  async function look(records: Zone["records"], changes: Partial<typeof env> = {}) {
    const server = await startDnsServer({ records });
    onTestFinished(() => server.close());
    return checkSender({ ...env, ...changes }, askDns({ server: server.server, deadlineMs: 2_000 }));
  }

  test("whose domain lets the mail server send is well, as the settings page has it", async () => {
    expect(levels(await look(GOOD))).toMatchObject({ SPF: "ok", DMARC: "ok", PTR: "ok" });
  });

  test("without records fails and is told what to publish; from another domain than the links it is warned of", async () => {
    const found = await look({}, { PUBLIC_URL: "https://weekly.example.org" });
    expect(levels(found)).toMatchObject({ Sender: "warn", SPF: "fail", DMARC: "fail", DKIM: "warn" });
    expect(found.find(({ name }) => name === "DMARC")?.advice).toContain("TXT of _dmarc.news.example.com");
  });

  test("whose mail server is on this machine is not looked up", async () => {
    expect(levels(await look({}, { SMTP_URL: "smtp://127.0.0.1:2525" }))).toEqual({ Sender: "ok" });
  });

  test("whose key cannot be read is told of that, beside the rest", async () => {
    const found = await look(GOOD, { DKIM_KEY_FILE: "/nowhere/key.pem" });
    expect(levels(found)).toMatchObject({ SPF: "ok", DKIM: "warn" });
    expect(found.find(({ name }) => name === "DKIM")?.says).toContain("DKIM_KEY_FILE");
  });

  test.each([
    ["example.com", "example.com", true],
    ["example.com", "news.example.com", true],
    ["mail.example.com", "example.com", true],
    ["badexample.com", "example.com", false],
  ])("%s and %s share a domain: %s", (domain, site, expected) => {
    expect(isAligned(domain, site)).toBe(expected);
  });
});

describe("the surroundings", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "masthead-doctor-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ["24.1.0", "ok"],
    ["20.11.0", "fail"],
  ])("Node %s is %s", (version, level) => {
    expect(checkNode(version).level).toBe(level);
  });

  test.each([
    ["aB3dE6gH9jK2mN5pQ8sT1vW4yZ7", "ok"],
    ["ababababababababababababababababab", "fail"],
  ])("a secret such as %s is %s", (AUTH_SECRET, level) => {
    expect(checkSecrets({ AUTH_SECRET }).level).toBe(level);
  });

  test.each([
    ["https://news.example.com", () => Response.json({ database: "ok" }), "ok"],
    ["http://news.example.com", () => Response.json({ database: "ok" }), "fail"],
    ["https://news.example.com", () => new Response("hello", { status: 404 }), "fail"],
    ["https://news.example.com", () => Promise.reject(new Error("refused")), "warn"],
  ])("a site at %s that answers thus is judged", async (PUBLIC_URL, answer, level) => {
    expect((await checkSite({ PUBLIC_URL }, async () => answer())).level).toBe(level);
  });

  test("a pictures' folder that can be written is well", async () => {
    expect(levels(await checkPictures(null, join(folder, "new")))).toMatchObject({ Pictures: "ok" });
  });

  test("a pictures' folder that is a file fails", async () => {
    const path = join(import.meta.dirname, "doctor.ts");
    expect(levels(await checkPictures(null, path))).toEqual({ Pictures: "fail" });
  });
});
