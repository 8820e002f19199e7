import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium } from "./chromium";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "masthead-chromium-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a machine without Chromium is told how to get one, and what runs without it", () => {
  expect(() => findChromium(folder, [join(folder, "none")])).toThrow(
    /apt-get install chromium-headless-shell[\s\S]*npm run check/,
  );
});

test("of several browsers the one without windows is taken", async () => {
  const several = await mkdtemp(join(folder, "several-"));
  for (const name of ["chromium", "chromium-headless-shell", "google-chrome"]) {
    await writeFile(join(several, name), "", { mode: 0o755 });
  }
  expect(findChromium(several, [])).toBe(join(several, "chromium-headless-shell"));
});

test("a file that cannot be run is passed by", async () => {
  await writeFile(join(folder, "chromium"), "", { mode: 0o644 });
  await writeFile(join(folder, "google-chrome"), "", { mode: 0o755 });
  expect(findChromium(`/nowhere${delimiter}${folder}`, [])).toBe(join(folder, "google-chrome"));
});
