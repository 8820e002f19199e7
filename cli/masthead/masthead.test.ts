import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createIssue, createPublication } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { PROJECT } from "../launch/project";
import { callMasthead } from "./call.fixture";
import { withInstallation } from "./installation";

/** The command as a person calls it, on a real database. */

const database = useTestDatabase({ emptyEachTime: true });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "masthead-command-"));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => createPublication(database.db));

const masthead = (...parameters: string[]) =>
  callMasthead(parameters, {
    DATABASE_URL: database.url,
    PUBLIC_URL: "http://127.0.0.1:1",
    MEDIA_FOLDER: join(folder, "media"),
    INIT_CWD: folder,
  });

test("an invited author is told where to sign in, and a second invitation changes nothing", async () => {
  const first = await masthead("author", "invite", "New.Author@Example.com");
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("new.author@example.com is an author now");
  const second = await masthead("author", "invite", "new.author@example.com", "--json");
  expect(JSON.parse(second.out)).toEqual({ email: "new.author@example.com", added: false });
  expect(await database.db.author.count()).toBe(1);
});

test.each([
  ["a verb that there is not", ["authors", "invite"], 2, "unknown command"],
  ["a missing word", ["issues", "status"], 2, "missing required argument"],
  ["two moments", ["issues", "schedule", "x", "--now", "--at", "2026-11-27T09:00"], 2, "cannot be used with"],
  ["an unknown option", ["doctor", "--fast"], 2, "unknown option"],
  ["an issue that there is not", ["issues", "status", "nothing-here"], 1, "no issue at /p/nothing-here"],
  ["a file that there is not", ["subscribers", "import", "nowhere.csv"], 1, "ENOENT"],
])("%s ends with its exit code and no stack trace", async (_, parameters, code, says) => {
  const answer = await masthead(...parameters);
  expect(answer).toMatchObject({ code, out: "" });
  expect(answer.err).toContain(says);
  expect(answer.err).not.toMatch(/^\s+at /m);
});

test("help is given for each verb, without a database", async () => {
  const answer = await masthead("subscribers", "import", "--help");
  expect(answer).toMatchObject({ code: 0, err: "" });
  expect(answer.out).toContain("--confirmed");
});

test("a list is taken in from the folder where the command was typed, and given out as CSV", async () => {
  await writeFile(join(folder, "list.csv"), "email\nann@example.com\nno address\n");
  const added = await masthead(
    "subscribers",
    "import",
    "list.csv",
    "--confirmed",
    "--source",
    "the old list",
  );
  expect(added).toMatchObject({ code: 0 });
  expect(added.out).toContain("line 3");
  const { out } = await masthead("subscribers", "export");
  expect(out.split("\r\n")[1]).toContain('"ann@example.com"');
});

test("an issue is scheduled in the publication's time zone, and its status says so", async () => {
  const issue = await createIssue(database.db, { state: "DRAFT", audience: "MEMBERS" });
  const year = new Date().getFullYear() + 1;
  const scheduled = await masthead("issues", "schedule", issue.slug, "--at", `${year}-06-05T09:00`, "--json");
  expect(scheduled).toMatchObject({ code: 0, err: "" });
  const { state, scheduledFor } = await database.db.issue.findUniqueOrThrow({ where: { id: issue.id } });
  expect(state).toBe("SCHEDULED");
  expect(JSON.parse(scheduled.out)).toEqual({ slug: issue.slug, scheduledFor: scheduledFor?.toISOString() });
  const status = await masthead("issues", "status", issue.slug);
  expect(status.out).toMatch(/scheduled[\s\S]*goes out on/);
});

test("an archive is written once, for its owner alone, and refused by an installation in use", async () => {
  await createIssue(database.db);
  expect(await masthead("export", "whole.zip")).toMatchObject({ code: 0, err: "" });
  const bytes = await readFile(join(folder, "whole.zip"));
  expect(bytes.subarray(0, 2).toString()).toBe("PK");
  expect((await masthead("export", "whole.zip")).err).toContain("exists already");
  expect(await masthead("import", "whole.zip")).toMatchObject({ code: 1 });
});

test("the doctor says what is wrong and what to do, and fails", async () => {
  const { code, out } = await masthead("doctor");
  expect(code).toBe(1);
  expect(out).toMatch(/^ok\s+Database/m);
  expect(out).toMatch(/^FAIL\s+Mail server[\s\S]*SMTP_URL/m);
  expect(out).toMatch(/^warn\s+Worker/m);
});

test("as a process of its own it ends with its code, with the answer alone on standard output", async () => {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(PROJECT, "cli", "masthead.ts"), "issues", "status", "none", "--json"],
    {
      cwd: PROJECT,
      env: { ...process.env, DATABASE_URL: database.url },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const ended = once(child, "close");
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(await ended).toEqual([1, null]);
  expect(out).toBe("");
  expect(JSON.parse(err)).toMatchObject({ code: "NOT_FOUND" });
});

test("a database that does not answer is told in words", async () => {
  vi.stubEnv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
  await expect(withInstallation(({ db }) => db.author.count())).rejects.toThrow(
    "The database does not answer",
  );
});
