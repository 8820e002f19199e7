/** What a program and its children used of the processor so far: the speed of a busy machine says little, this does. */
import { readdirSync, readFileSync } from "node:fs";

/** Linux's clock tick, in which /proc counts (proc(5)). */
const TICKS_PER_SECOND = 100;

/** Seconds of a process, of those it started, and of those among them that have ended. Null where there is no /proc. */
export function cpuSecondsOf(pid: number): number | null {
  let ticks = 0;
  try {
    for (const entry of readdirSync("/proc")) {
      if (!/^\d+$/.test(entry)) continue;
      const fields = statOf(entry);
      if (!fields) continue;
      const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
      if (Number(entry) === pid) ticks += Number(fields[13]) + Number(fields[14]);
      if (Number(entry) === pid || parent === pid) ticks += (user ?? 0) + (system ?? 0);
    }
  } catch {
    return null;
  }
  return ticks / TICKS_PER_SECOND;
}

/** The fields of /proc/<pid>/stat after the name: state, parent, and so on. Null for who is gone meanwhile. */
function statOf(pid: string): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
