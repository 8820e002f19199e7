/** Which process writes a journal, so that another can tell whether it still lives. */
import { readFileSync, readlinkSync } from "node:fs";
import { z } from "zod";

export const writerSchema = z.object({
  pid: z.number().int(),
  startedAt: z.string(),
  bootId: z.string(),
  pidSpace: z.string(),
});
export type Writer = z.infer<typeof writerSchema>;

/**
 * From Linux's /proc; empty elsewhere, and then nothing is concluded from it. A process identifier means something
 * only in the same process namespace, which two containers on one machine do not share.
 */
export function thisProcess(): Writer {
  return {
    pid: process.pid,
    startedAt: startOf(process.pid) ?? "",
    bootId: readIfThere("/proc/sys/kernel/random/boot_id")?.trim() ?? "",
    pidSpace: linkIfThere("/proc/self/ns/pid"),
  };
}

/** Field 22 of /proc/<pid>/stat, ticks since boot: tells a process from a later one with the same number. */
function startOf(pid: number): string | null {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (!stat) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return state === "Z" || state === "X" ? null : (fields[19] ?? null);
}

/** `unseen` where it cannot be told from here. */
export function lifeOf(writer: Writer, here: Writer): "lives" | "gone" | "unseen" {
  if (here.bootId === "" || writer.bootId === "") return "unseen";
  if (writer.bootId !== here.bootId) return "gone";
  if (writer.pidSpace !== here.pidSpace || here.pidSpace === "") return "unseen";
  return startOf(writer.pid) === writer.startedAt ? "lives" : "gone";
}

export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function linkIfThere(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}

/** Of a file or a process that is not there, or not ours to see. */
export function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EINVAL";
}
