import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localSecrets } from "./secrets";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "masthead-secrets-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("secrets are made once and stay the same", async () => {
  const first = await localSecrets(folder);
  expect(await localSecrets(folder)).toEqual(first);
});

test("two installations have different secrets", async () => {
  const other = await mkdtemp(join(tmpdir(), "masthead-secrets-"));
  const [one, two] = [await localSecrets(folder), await localSecrets(other)];
  expect(one.authSecret).not.toBe(two.authSecret);
  await rm(other, { recursive: true });
});

test("only their owner can read them, also after somebody loosened that", async () => {
  const file = join(folder, "secrets.json");
  await localSecrets(folder);
  await chmod(file, 0o644);
  await localSecrets(folder);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("a damaged file is refused with its name, and kept", async () => {
  const file = join(folder, "secrets.json");
  await writeFile(file, "{ half");
  await expect(localSecrets(folder)).rejects.toThrow(file);
});
