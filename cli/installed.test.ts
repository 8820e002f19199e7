import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { whatIsMissing } from "./installed.mjs";

let project: string;

async function put(path: string, content: unknown = ""): Promise<void> {
  const file = join(project, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(content));
}

const packages = {
  "": {},
  "node_modules/one": { version: "1.0.0" },
  "node_modules/for-macs": { version: "1.0.0", optional: true, os: ["darwin"] },
};
const installedPackages = { "node_modules/one": { version: "1.0.0" } };

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "masthead-installed-"));
  await put("package-lock.json", { packages });
  await put("node_modules/.package-lock.json", { packages: installedPackages });
  await put("node_modules/one/package.json");
  await put("node_modules/.bin/node");
});

afterEach(() => rm(project, { recursive: true }));

test("a whole installation misses nothing, though packages for other systems are absent", () => {
  expect(whatIsMissing(project)).toBeUndefined();
});

test.each([
  ["no node_modules", "node_modules", "first start"],
  ["an installation killed before its end", "node_modules/.package-lock.json", "was not finished"],
  ["a deleted package", "node_modules/one", "node_modules/one is gone"],
  ["a Node whose install script was blocked", "node_modules/.bin/node", "own Node is missing"],
])("%s is noticed", async (_, path, expected) => {
  await rm(join(project, path), { recursive: true });
  expect(whatIsMissing(project)).toContain(expected);
});

test("a lock file that moved on is noticed", async () => {
  await put("package-lock.json", { packages: { ...packages, "node_modules/one": { version: "2.0.0" } } });
  expect(whatIsMissing(project)).toBe("the list of packages has changed");
});
