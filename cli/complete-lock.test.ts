import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { complete } from "./complete-lock.mjs";
import { PROJECT } from "./launch/project";

test("the lock file names the packages of every platform", async () => {
  const lock = JSON.parse(await readFile(join(PROJECT, "package-lock.json"), "utf8"));
  expect(complete(lock.packages).added).toEqual([]);
});

test("a platform's package that is left out is added for that platform alone", () => {
  const parent = {
    optionalDependencies: { "@a/b-linux-x64-musl": "1.2.3", "@a/b-darwin-arm64": "1.2.3" },
    dev: true,
  };
  const present = { version: "1.2.3", optional: true, os: ["darwin"] };
  const { packages, added } = complete({
    "node_modules/@a/b": parent,
    "node_modules/@a/b-darwin-arm64": present,
  });
  expect(added).toEqual(["node_modules/@a/b-linux-x64-musl"]);
  expect(packages["node_modules/@a/b-linux-x64-musl"]).toEqual({
    version: "1.2.3",
    cpu: ["x64"],
    dev: true,
    libc: ["musl"],
    optional: true,
    os: ["linux"],
  });
  expect(packages["node_modules/@a/b-darwin-arm64"]).toBe(present);
});
