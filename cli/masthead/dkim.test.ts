import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { startDnsServer } from "@/lib/installation/domain/dns-server.fixture";
import { runCommand } from "./program";

const file = join(mkdtempSync(join(tmpdir(), "masthead-dkim-command-")), "key.pem");
let record: { name: string; text: string };

beforeAll(async () => {
  const { code, answer } = await run("dkim", "make", "--selector", "m1", "--file", file);
  expect(code).toBe(0);
  record = answer.record;
});

/** One call with --json; what went to standard error counts for nothing. */
async function run(...words: string[]) {
  vi.stubEnv("MAIL_FROM", "weekly@example.com");
  vi.stubEnv("DKIM_KEY_FILE", file);
  vi.stubEnv("DKIM_SELECTOR", "m1");
  let out = "";
  const written = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const complained = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const code = await runCommand([...words, "--json"]);
  written.mockRestore();
  complained.mockRestore();
  return { code, answer: out === "" ? null : JSON.parse(out) };
}

async function dns(records: Record<string, string[]>): Promise<string> {
  const server = await startDnsServer({ records });
  onTestFinished(() => server.close());
  return server.server;
}

test("a key is made for its owner alone, with its record, and never overwritten", async () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(record).toEqual({
    name: "m1._domainkey.example.com",
    text: expect.stringMatching(/^v=DKIM1; k=rsa; p=MII/),
  });
  expect((await run("dkim", "make", "--file", file)).code).toBe(1);
});

test("the check answers by its exit code whether the record is there", async () => {
  const there = await dns({ [`TXT ${record.name}`]: [record.text] });
  expect(await run("dkim", "check", "--resolver", there)).toMatchObject({ code: 0, answer: { level: "ok" } });
  const empty = await dns({});
  expect(await run("dkim", "check", "--resolver", empty)).toMatchObject({
    code: 1,
    answer: { level: "fail" },
  });
});

test("the domain's check fails while a record is missing, and says which to publish", async () => {
  const { code, answer } = await run("domain", "check", "--resolver", await dns({}));
  expect(code).toBe(1);
  const missing = answer.findings.filter(({ level }: { level: string }) => level === "fail");
  expect(missing.map(({ part }: { part: string }) => part)).toEqual(["SPF", "DKIM", "DMARC", "MX"]);
});

test("a wrong resolver is told by name", async () => {
  expect((await run("domain", "check", "--resolver", "nonsense")).code).toBe(1);
});
