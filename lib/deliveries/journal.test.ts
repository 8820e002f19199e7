import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listJournals } from "./journal";

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
