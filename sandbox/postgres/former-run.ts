import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { StartFailure } from "@/sandbox/process/failure";
import { commandOf, identify, isRunning, type ProcessIdentity } from "@/sandbox/process/running-process";

/**
 * Notes that this process uses the place. Throws StartFailure when another living process does; a note left by one
 * that crashed is taken over.
 */
export async function holdPlace(place: string): Promise<void> {
  const note = join(place, "holder.json");
  const holder = await readNote(note);
  if (holder && holder.pid !== process.pid && (await isRunning(holder))) {
    throw new StartFailure(
      `The database in ${place} is in use by process ${holder.pid}. Stop that one first (\`kill ${holder.pid}\`).`,
    );
  }
  await writeFile(note, JSON.stringify(await identify(process.pid)));
}

async function readNote(note: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(note, "utf8").catch(() => undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
  } catch {
    // A note cut short by a crash holds nobody.
    return undefined;
  }
}

/**
 * After a crash: ends a server that still runs on these files though nobody watches it, and otherwise removes its lock
 * file. Postgres would do so itself, but not when the process number now belongs to somebody else or to a dead process
 * that nobody has waited for, as in a container; it still refuses files whose shared memory is in use.
 */
export async function clearFormerRun(data: string): Promise<void> {
  const lockFile = join(data, "postmaster.pid");
  const lock = await readFile(lockFile, "utf8").catch(() => undefined);
  if (lock === undefined) return;
  const server = await identify(Number.parseInt(lock, 10));
  if (!server || !(await commandOf(server.pid)).includes(data)) {
    await rm(lockFile);
    return;
  }
  for (const [signal, limit] of [
    ["SIGINT", 10_000],
    ["SIGQUIT", 10_000],
  ] as const) {
    process.kill(server.pid, signal);
    if (await goneWithin(server, limit)) return;
  }
  throw new StartFailure(
    `A Postgres server of an earlier run (process ${server.pid}) does not stop. End it with \`kill -9 ${server.pid}\`.`,
  );
}

async function goneWithin(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (!(await isRunning(identity))) return true;
    await pause(25);
  }
  return false;
}
