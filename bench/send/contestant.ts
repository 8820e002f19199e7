/** What every way of sending is told and tells: each is a process of its own, so that none warms up another. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";
import { WORKER_NODE_FLAGS } from "@/lib/worker/node-flags";
import { limitMemory } from "./memory-limit";

const taskSchema = z.object({
  smtpUrl: z.string(),
  connections: z.number().int(),
  messages: z.number().int(),
  /** Of text and HTML together, before they are encoded. */
  bytes: z.number().int(),
  /** PEM of the key that signs, where one does. */
  dkimKey: z.string().nullable(),
  databaseUrl: z.string(),
  folder: z.string(),
});
export type Task = z.infer<typeof taskSchema>;

const reportSchema = z.object({
  peakMegabytes: z.number(),
  /** Of the sending alone, without the start of the process. */
  sendingCpuSeconds: z.number().nullable(),
  /** Where it timed itself; the others are timed by who receives. */
  perSecond: z.number().nullable(),
});
export type Report = z.infer<typeof reportSchema>;

/** What a small container gives a worker. */
export const WORKER_LIMIT_MEGABYTES = 384;

export type Contestant = "pooled" | "ready-made" | "signing" | "signing-one-core" | "engine";

/** Runs one to its end, ours within its limit where the system can do that. Throws where it fails. */
export async function runContestant(name: Contestant, task: Task): Promise<Report & { isLimited: boolean }> {
  const program = join(import.meta.dirname, `${name}.ts`);
  const flags = name === "engine" ? WORKER_NODE_FLAGS : [];
  const child = spawn(process.execPath, [...flags, "--import", "tsx", program, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  const limit = name === "engine" && child.pid ? limitMemory(child.pid, WORKER_LIMIT_MEGABYTES) : null;
  const [code, signal] = await once(child, "close");
  limit?.release();
  if (code !== 0) throw new Error(`${name} ended with ${signal ?? code}.`);
  const said = reportSchema.parse(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
  return { ...said, isLimited: limit !== null };
}

export function readTask(): Task {
  return taskSchema.parse(JSON.parse(process.argv[2] ?? ""));
}

/** Says what it took and ends the process. */
export function report(measured: Partial<Omit<Report, "peakMegabytes">> = {}): never {
  const { perSecond = null, sendingCpuSeconds = null } = measured;
  const { maxRSS } = process.resourceUsage();
  const line: Report = {
    peakMegabytes: maxRSS / 1_024,
    sendingCpuSeconds,
    perSecond,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  process.exit(0);
}
