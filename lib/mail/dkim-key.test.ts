import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dkimVerify } from "mailauth/lib/dkim/verify";
import { expect, test } from "vitest";
import { signMessage } from "./dkim";
import { dkimRecord, loadDkimKey } from "./dkim-key";

const folder = mkdtempSync(join(tmpdir(), "masthead-dkim-"));
const base = { MAIL_FROM: "weekly@News.example.com", DKIM_SELECTOR: "m1" };

function keyFile(name: string, kind: "rsa" | "ed25519"): string {
  const { privateKey } =
    kind === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ed25519");
  const file = join(folder, name);
  writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }));
  return file;
}

test.each(["rsa", "ed25519"] as const)("what %s publishes verifies what it signs", async (kind) => {
  const key = loadDkimKey({ ...base, DKIM_KEY_FILE: keyFile(kind, kind) });
  if (!key) throw new Error("The key was not loaded.");
  const record = dkimRecord(key);
  expect(record.name).toBe("m1._domainkey.news.example.com");
  const signed = signMessage(Buffer.from("From: a@news.example.com\r\n\r\nHello\r\n"), key);
  const { results } = await dkimVerify(signed, { resolver: async () => [[record.text]] });
  expect(results[0]?.status.result).toBe("pass");
});

test("without a key file nothing is signed, and a named domain stands before MAIL_FROM's", () => {
  expect(loadDkimKey(base)).toBeNull();
  expect(
    loadDkimKey({ ...base, DKIM_DOMAIN: "example.com", DKIM_KEY_FILE: keyFile("own", "ed25519") }),
  ).toMatchObject({
    domain: "example.com",
  });
});

test.each([
  ["is not there", join(folder, "nowhere")],
  ["holds no key", fileURLToPath(import.meta.url)],
])("a key file that %s stops with its variable's name", (_name, file) => {
  expect(() => loadDkimKey({ ...base, DKIM_KEY_FILE: file })).toThrow(/DKIM_KEY_FILE: .*dkim make/);
});
