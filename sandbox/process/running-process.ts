import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";

/**
 * A process's number and the moment it began. A number alone says little after a crash or a restart of the machine,
 * since the system gives it to somebody else.
 */
export interface ProcessIdentity {
  pid: number;
  began: string;
}

/** Undefined when no such process runs. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (!exists(pid)) return undefined;
  const began = await beginningOf(pid);
  return began === undefined ? undefined : { pid, began };
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.began === identity.began;
}

/** The command line, or an empty text when it cannot be read. */
export async function commandOf(pid: number): Promise<string> {
  if (process.platform !== "linux") return ask(pid, "command=");
  const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return line.replaceAll("\0", " ").trim();
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function beginningOf(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return ask(pid, "lstart=") || undefined;
  // proc(5): the 22nd field is the start time in clock ticks since boot; the 2nd may hold spaces and ends with ")".
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields[0], fields[19]];
  return state === "Z" ? undefined : start;
}

function ask(pid: number, column: string): string {
  return spawnSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
}
