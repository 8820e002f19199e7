import { constants } from "node:fs";
import { access, chmod, mkdtemp, readdir, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identify, isRunning, type ProcessIdentity } from "./running-process";

const PREFIX = "masthead-test-";
const HOLDER = "scratch-holder.json";
const ROOM_NEEDED = 2 ** 30;

/**
 * A folder for what a test run throws away, outside the project so that any account can reach it. Folders left by runs
 * that were killed are removed on the way. The caller removes this one.
 */
export async function makeScratchFolder(): Promise<string> {
  const parent = await scratchParent();
  await removeForgotten(parent);
  const folder = await mkdtemp(join(parent, PREFIX));
  await chmod(folder, 0o711);
  await writeFile(join(folder, HOLDER), JSON.stringify(await identify(process.pid)));
  return folder;
}

/** Memory where the system offers enough of it (copying a database is ten times faster there), else the disk. */
async function scratchParent(): Promise<string> {
  try {
    await access("/dev/shm", constants.W_OK);
    const { bavail, bsize } = await statfs("/dev/shm");
    return bavail * bsize >= ROOM_NEEDED ? "/dev/shm" : tmpdir();
  } catch {
    return tmpdir();
  }
}

async function removeForgotten(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const folder = join(parent, name);
    const text = await readFile(join(folder, HOLDER), "utf8").catch(() => undefined);
    // Without a note it is being made this moment, or is somebody else's.
    if (text === undefined) continue;
    const holder = JSON.parse(text) as ProcessIdentity;
    if (!(await isRunning(holder))) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
