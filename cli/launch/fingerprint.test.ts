import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprint } from "./fingerprint";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "masthead-fingerprint-"));
  await mkdir(join(root, "app", "inner"), { recursive: true });
  await writeFile(join(root, "app", "inner", "page.tsx"), "one");
  await writeFile(join(root, "single.json"), "two");
});

afterEach(() => rm(root, { recursive: true }));

const take = () => fingerprint(root, ["app", "single.json", "absent"], (path) => path.endsWith(".test.ts"));

test("touching a file changes nothing", async () => {
  const before = await take();
  await utimes(join(root, "single.json"), 0, 0);
  expect(await take()).toBe(before);
});

test("a test file changes nothing", async () => {
  const before = await take();
  await writeFile(join(root, "app", "page.test.ts"), "new");
  expect(await take()).toBe(before);
});

test.each([
  ["a new file", "app/new.ts", "x"],
  ["other words in a file", "app/inner/page.tsx", "other"],
  ["a file where there was none", "absent", "x"],
])("%s changes it", async (_, path, content) => {
  const before = await take();
  await writeFile(join(root, path), content);
  expect(await take()).not.toBe(before);
});
