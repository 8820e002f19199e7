import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkNamed } from "./check-environment";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "masthead-named-"));
  await writeFile(join(folder, "file"), "");
});
afterAll(() => rm(folder, { recursive: true }));

test("nothing set is enough", () => {
  expect(() => checkNamed({})).not.toThrow();
});

test("what the product would refuse is refused before anything is built or started", () => {
  expect(() => checkNamed({ SMTP_URL: "mail.example.com", LOG_LEVEL: "loud" })).toThrow(
    /SMTP_URL: write[\s\S]*LOG_LEVEL: write debug/,
  );
});

test.each(["MEDIA_FOLDER", "JOURNAL_FOLDER"])("a %s that is no folder is refused by name", (name) => {
  expect(() => checkNamed({ [name]: join(folder, "file", "below") })).toThrow(
    `${name}: ${folder}/file/below cannot`,
  );
});

test("a folder that is missing and can be made is fine", () => {
  expect(() => checkNamed({ MEDIA_FOLDER: join(folder, "new", "media") })).not.toThrow();
});
