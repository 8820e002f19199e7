import { StartFailure } from "@/sandbox/process/failure";
import type { Variables } from "@/sandbox/process/watched";
import { spawnWatched, type Watched } from "@/sandbox/process/watched";
import { PROJECT } from "./project";

/** Programs running now that a signal must end: a build, a linter, a test run. */
const running = new Set<Watched>();

const STOP_LIMIT_MS = 15_000;

export interface Outcome {
  code: number;
  output: string;
}

/** Runs a program to its end and keeps what it writes; `shown` also passes it on as it comes. */
export async function run(
  command: readonly string[],
  options: { env?: Variables; shown?: boolean } = {},
): Promise<Outcome> {
  const watched = spawnWatched(command, {
    cwd: PROJECT,
    env: { ...process.env, ...options.env },
    output: "pipe",
  });
  running.add(watched);
  let output = "";
  for (const stream of [watched.child.stdout, watched.child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (options.shown) process.stdout.write(text);
    });
  }
  const code = await watched.ended.finally(() => running.delete(watched));
  return { code, output };
}

/** As `run`, for a program whose failure ends the command: throws StartFailure with the end of what it wrote. */
export async function mustRun(
  what: string,
  command: readonly string[],
  options: { env?: Variables } = {},
): Promise<string> {
  const { code, output } = await run(command, options);
  if (code === 0) return output;
  const lines = output.trim().split("\n").slice(-40).join("\n");
  throw new StartFailure(`${what} failed (exit code ${code}):\n\n${lines}`);
}

/** Ends whatever `run` has under way. */
export async function stopRunning(): Promise<void> {
  await Promise.all([...running].map((watched) => watched.stop(STOP_LIMIT_MS)));
}
