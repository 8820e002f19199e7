/** What a container or a systemd unit does to a worker: beyond its limit the system kills it. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where control groups stand, in both of their forms: the file that limits memory has another name in each. */
const HIERARCHIES = [
  { folder: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes" },
  { folder: "/sys/fs/cgroup", limit: "memory.max" },
] as const;

export type MemoryLimit = { release(): void };

/** Null where the system lets nobody do that, as for anybody but root. `release` comes after the process has ended. */
export function limitMemory(pid: number, megabytes: number): MemoryLimit | null {
  for (const { folder, limit } of HIERARCHIES) {
    const group = join(folder, `masthead-bench-${pid}`);
    try {
      mkdirSync(group);
    } catch {
      continue;
    }
    const release = () => rmdirSync(group);
    try {
      if (!existsSync(join(group, limit))) throw new Error("Memory is not limited in this hierarchy.");
      writeFileSync(join(group, limit), String(megabytes * 2 ** 20));
      writeFileSync(join(group, "cgroup.procs"), String(pid));
      return { release };
    } catch {
      release();
    }
  }
  return null;
}
