import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openJournal } from "./journal";
import { listJournals } from "./stored-journals";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "masthead-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Notes one delivery after the other until the disk is full, then once more when there is room again. */
const WRITER = `
import { openJournal } from "@/lib/deliveries/journal";
const journal = openJournal(process.argv[1], "full");
const noted = [];
const note = (id) => { try { journal.begun(BigInt(id), 1, { variant: "WHOLE", statusLineId: 1, messageHash: 2n }); noted.push(id); return true; } catch { return false; } };
let id = 1;
while (id < 10_000 && note(id)) id += 1;
journal.clear();
const room = note(id + 1);
console.log(JSON.stringify({ refused: id, room, last: noted.at(-1) }));
`;

/** As WRITER, but it stops as soon as a record was refused. */
const STOPPED = WRITER.replace(
  "journal.clear();",
  "console.log(JSON.stringify({ refused: id, noted })); process.exit();",
);

/** No file of the process may grow beyond `blocks` of 512 or 1,024 octets: a record is cut off in its middle. */
function writeUntilFull(script: string): { refused: number; noted: number[]; room: boolean; last: number } {
  const { stdout, stderr } = spawnSync(
    "/bin/sh",
    [
      "-c",
      'ulimit -f 2 && exec "$@"',
      "sh",
      process.execPath,
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      script,
      folder,
    ],
    { encoding: "utf8", env: { ...process.env } },
  );
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

test("what a full disk cut off was not noted, and takes no later record with it", () => {
  const { refused, noted } = writeUntilFull(STOPPED);
  expect(noted.length).toBeGreaterThan(50);
  const [journal] = listJournals(folder);
  expect(noted.filter((id) => journal?.fateOf(BigInt(id), 1)?.state !== "begun")).toEqual([]);
  expect(journal?.fateOf(BigInt(refused), 1)).toBeNull();
});

test("when there is room again, it goes on", () => {
  const { refused, room, last } = writeUntilFull(WRITER);
  expect([room, last]).toEqual([true, refused + 1]);
  expect(listJournals(folder)[0]?.fateOf(BigInt(last), 1)).toMatchObject({ state: "begun" });
});

const COPIED = { variant: "WHOLE", statusLineId: 4, messageHash: -2n } as const;
const path = (incarnation: string) => join(folder, `${incarnation}.journal`);

/** Deliveries 1 to 30: the odd ones were taken, 30 was refused, the others were begun. */
function writtenJournal(incarnation = "one") {
  const journal = openJournal(folder, incarnation);
  for (let id = 1n; id <= 30n; id += 1n) {
    journal.begun(id, 2, COPIED);
    if (id % 2n === 1n) journal.accepted(id, 2, "250 Gr\u00fc\u00dfe");
    if (id === 30n) journal.notSent(id, 2);
  }
  return journal;
}
const statesOf = (ids: readonly bigint[]) =>
  ids.map((id) => listJournals(folder)[0]?.fateOf(id, 2)?.state ?? null);

describe("a journal that keeps only what is in hand", () => {
  test.each<[string, bigint[]]>([
    ["some", [2n, 3n, 30n]],
    ["one whose number begins as others do", [1n]],
    ["what never began", [99n]],
    ["nothing", []],
  ])("knows of %s what it knew, of no other, and goes on", (_name, held) => {
    const journal = writtenJournal();
    const before = listJournals(folder)[0];
    const known = held.map((id) => before?.fateOf(id, 2) ?? null);
    journal.keepOnly(held);
    const after = listJournals(folder)[0];
    expect(held.map((id) => after?.fateOf(id, 2) ?? null)).toEqual(known);
    expect(statesOf([1n, 2n, 3n, 11n, 12n, 30n].filter((id) => !held.includes(id)))).not.toContain("begun");
    const { size } = journal;
    journal.begun(31n, 2, COPIED);
    journal.accepted(2n, 2, "250 at last");
    expect(statesOf([31n, 2n])).toEqual(["begun", "accepted"]);
    expect(journal.size).toBeGreaterThan(size);
    expect(readdirSync(folder)).toEqual(["one.journal"]);
    journal.clear();
    expect([journal.size, ...statesOf([31n, 2n])]).toEqual([0, null, null]);
    journal.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("measures what it kept, and holds it where only its owner reads", () => {
    const journal = writtenJournal();
    journal.keepOnly([2n]);
    expect(journal.size).toBe("B 2 2 WHOLE 4 -2\n".length);
    expect(statSync(path("one")).mode & 0o777).toBe(0o600);
    journal.close();
  });

  test("stands as it was where the new file cannot be written, and goes on", () => {
    const journal = writtenJournal();
    const { size } = journal;
    mkdirSync(join(`${path("one")}.next`, "in-the-way"), { recursive: true });
    expect(() => journal.keepOnly([2n])).toThrow();
    expect(journal.size).toBe(size);
    journal.begun(31n, 2, COPIED);
    expect(statesOf([1n, 2n, 30n, 31n])).toEqual(["accepted", "begun", "not-sent", "begun"]);
  });

  test("is not mistaken for what a crash left half written, and takes that with it", () => {
    const journal = writtenJournal();
    writeFileSync(`${path("one")}.next`, "{");
    expect(listJournals(folder).map(({ incarnation }) => incarnation)).toEqual(["one"]);
    journal.keepOnly([2n]);
    expect(statesOf([2n, 4n])).toEqual(["begun", null]);
    writeFileSync(`${path("one")}.next`, "{");
    listJournals(folder)[0]?.remove();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("tells of what is in hand at every moment, and after it was killed", async () => {
    const writer = spawn(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", REPLACER, folder],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(writer.stdout, "data");
    const missed: unknown[] = [];
    for (let replaced = 0, last = 0; replaced < 30; ) {
      const found = statesOf([1n, 2n, 3n]);
      if (found.join() !== "begun,accepted,begun") missed.push(found);
      const { ino } = statSync(path("busy"));
      if (ino !== last) replaced += 1;
      last = ino;
      await new Promise((resolve) => setImmediate(resolve));
    }
    writer.kill("SIGKILL");
    await once(writer, "exit");
    expect(missed).toEqual([]);
    expect(statesOf([1n, 2n, 3n])).toEqual(["begun", "accepted", "begun"]);
  });
});

/** Holds three deliveries, and replaces its file again and again. */
const REPLACER = `
import { openJournal } from "@/lib/deliveries/journal";
const journal = openJournal(process.argv[1], "busy");
const copied = { variant: "WHOLE", statusLineId: 1, messageHash: 2n };
for (const id of [1n, 2n, 3n]) journal.begun(id, 2, copied);
journal.accepted(2n, 2, "250 queued");
console.log("writing");
for (let id = 10n; ; id += 1n) {
  journal.begun(id, 2, copied);
  if (id % 20n === 0n) journal.keepOnly([1n, 2n, 3n]);
}
`;
