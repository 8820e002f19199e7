import { createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Variables } from "@/sandbox/process/watched";
import { spawnWatched, type Watched } from "@/sandbox/process/watched";
import { PROJECT } from "./project";
import { say } from "./say";
import { troubleIn } from "./trouble";

export interface Service {
  name: string;
  /** Settles with the exit code when it is gone. */
  ended: Promise<number>;
  watched: Watched;
  /** The end of what it wrote. */
  lastLines(): string;
  /** From now on only the log hears from it: what a program says while it is made to stop is no trouble. */
  hush(): void;
}

const KEPT_LOGS = 3;
const KEPT_LINES = 15;

/**
 * Starts one long-running program. Everything it writes goes to `<name>.log`; the terminal shows warnings and errors,
 * or all of it where `shown` says so.
 */
export async function startService(
  name: string,
  command: readonly string[],
  options: { env: Variables; logs: string; shown: "trouble" | "everything" | "nothing" },
): Promise<Service> {
  const log = createWriteStream(await freshLog(options.logs, name), { mode: 0o600 });
  const watched = spawnWatched(command, { cwd: PROJECT, env: options.env, output: "pipe" });
  const last: string[] = [];
  let { shown } = options;
  for (const stream of [watched.child.stdout, watched.child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      log.write(`${line}\n`);
      last.push(line);
      if (last.length > KEPT_LINES) last.shift();
      const text = shown === "everything" ? line : troubleIn(line, stream === watched.child.stderr);
      if (text !== undefined && shown !== "nothing") say(`${name.padEnd(8)}│ ${text}`);
    });
  }
  const ended = watched.ended.finally(() => log.end());
  const hush = () => {
    shown = "nothing";
  };
  return { name, ended, watched, lastLines: () => last.join("\n"), hush };
}

/** The last few runs stay readable as <name>.1.log (the one before), <name>.2.log and so on. */
async function freshLog(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = (age: number) => join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`);
  for (let age = KEPT_LOGS - 1; age >= 0; age -= 1) {
    await rename(file(age), file(age + 1)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
  return file(0);
}
