import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase } from "@/lib/db";
import { startTestServer } from "@/lib/mail/smtp.fixture";
import { createPublication } from "@/prisma/factories";
import { readMigrations } from "@/prisma/migrate";
import { useTestDatabase } from "@/prisma/test-database";
import { checkDatabase } from "./check-database";
import { checkMailServer, checkSender, isAligned } from "./check-mail";
import { checkNode, checkPictures, checkSecrets, checkSite } from "./check-surroundings";
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
  const env = {
    MAIL_FROM: "weekly@news.example.com",
    PUBLIC_URL: "https://news.example.com",
    SMTP_URL: "smtp://mail.example.net",
  };
  const records = (found: Record<string, string[]>) => async (name: string) => {
    const texts = found[name];
    if (!texts) throw Object.assign(new Error("no data"), { code: "ENODATA" });
    return texts.map((text) => [text.slice(0, 4), text.slice(4)]);
  };

  test("with SPF of its own and DMARC of its parent is well", async () => {
    const found = { "news.example.com": ["v=spf1 -all"], "_dmarc.example.com": ["v=DMARC1; p=none"] };
    expect(levels(await checkSender(env, records(found)))).toEqual({ SPF: "ok", DMARC: "ok" });
  });

  test("without records, or from another domain than the links, is warned of", async () => {
    const elsewhere = { ...env, PUBLIC_URL: "https://weekly.example.org" };
    expect(levels(await checkSender(elsewhere, records({})))).toEqual({
      Sender: "warn",
      SPF: "warn",
      DMARC: "warn",
    });
  });

  test("with two SPF records fails, since receivers then take neither", async () => {
    const found = { "news.example.com": ["v=spf1 -all", "v=spf1 ~all"] };
    expect(levels(await checkSender(env, records(found))).SPF).toBe("fail");
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
