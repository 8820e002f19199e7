import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartFailure } from "@/sandbox/process/failure";
import { identify, isRunning } from "@/sandbox/process/running-process";
import { DATA } from "./project";

const NOTE = join(DATA, "running.json");
const note = z.object({
  pid: z.number().int(),
  began: z.string(),
  url: z.string(),
  /** Once it is ready: what the operator's command needs to join in. */
  installation: z
    .object({
      databaseUrl: z.string(),
      ports: z.object({
        PORT: z.number(),
        POSTGRES_PORT: z.number(),
        MAILBOX_PORT: z.number(),
        MAILBOX_SMTP_PORT: z.number(),
        STRIPE_SANDBOX_PORT: z.number(),
      }),
    })
    .optional(),
});

export type Running = z.infer<typeof note>;

/** The start that runs in this folder now, if one does. A note left by a crash counts for nothing. */
export async function whoRuns(): Promise<Running | undefined> {
  const text = await readFile(NOTE, "utf8").catch(() => undefined);
  const parsed = note.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.pid === process.pid) return undefined;
  return (await isRunning(parsed.data)) ? parsed.data : undefined;
}

/** Throws StartFailure naming the start that runs in this folder, if one does. */
export async function refuseWhenRunning(): Promise<void> {
  const other = await whoRuns();
  if (other) throw alreadyRunning(other);
}

/** Claims this folder for one start. Throws StartFailure naming the one that has it. */
export async function claimFolder(url: string): Promise<void> {
  await refuseWhenRunning();
  await rm(NOTE, { force: true });
  const own = { ...(await identify(process.pid)), url };
  try {
    await writeFile(NOTE, JSON.stringify(own), { flag: "wx", mode: 0o600 });
  } catch (error) {
    const winner = await whoRuns();
    throw winner ? alreadyRunning(winner) : error;
  }
}

/** Adds to the claim what the operator's command needs. The file is its owner's alone. */
export async function describeInstallation(
  url: string,
  installation: NonNullable<Running["installation"]>,
): Promise<void> {
  const own = { ...(await identify(process.pid)), url, installation };
  const half = `${NOTE}.${process.pid}`;
  await writeFile(half, JSON.stringify(own), { mode: 0o600 });
  await rename(half, NOTE);
}

export async function releaseFolder(): Promise<void> {
  await rm(NOTE, { force: true });
}

function alreadyRunning(other: Running): StartFailure {
  return new StartFailure(
    `Masthead runs in this folder already: ${other.url} (process ${other.pid}).\n` +
      `Open that one, or stop it first: Ctrl-C in its terminal, or \`kill ${other.pid}\`.`,
  );
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
