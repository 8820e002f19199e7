/** One contestant's run against the observer: its speed, its memory, and what it took of the processor. */
import type { BenchDatabase } from "../bench-database";
import { startObserver } from "../rig/start-observer";
import { type Contestant, runContestant, type Task } from "./contestant";
import { cpuSecondsOf } from "./cpu";

export type Round = { recipients: number; connections: number; bytes: number; dkimKey: string | null };
export type Rate = { perSecond: number; peakMegabytes: number; isLimited: boolean; cpu: CpuSeconds };
/** What a run took of the processor, where it can be known. */
type CpuSeconds = { sender: number | null; postgres: number | null; observer: number };

export async function measure(name: Contestant, round: Round, database: BenchDatabase): Promise<Rate> {
  const { recipients: messages, connections, bytes, dkimKey } = round;
  const { databaseUrl, folder } = database;
  const observer = await startObserver({ record: "none" });
  const task: Task = { smtpUrl: observer.url, connections, messages, bytes, dkimKey, databaseUrl, folder };
  try {
    const before = cpuSecondsOf(database.postgresPid) ?? 0;
    const observerBefore = (await observer.counts()).cpu;
    const report = await runContestant(name, task);
    const after = cpuSecondsOf(database.postgresPid);
    const { cpu } = await observer.counts();
    const { peakMegabytes, isLimited } = report;
    return {
      peakMegabytes,
      isLimited,
      perSecond: report.perSecond ?? (await receivedPerSecond(observer, messages)),
      cpu: {
        sender: report.sendingCpuSeconds,
        postgres: after === null ? null : after - before,
        observer: (cpu.user + cpu.system - observerBefore.user - observerBefore.system) / 1e6,
      },
    };
  } finally {
    await observer.stop();
  }
}

async function receivedPerSecond(observer: Awaited<ReturnType<typeof startObserver>>, messages: number) {
  const { taken, firstBodyAt, lastBodyAt } = await observer.counts();
  if (taken !== messages) throw new Error(`${taken} messages arrived, not ${messages}.`);
  return taken / ((lastBodyAt - firstBodyAt) / 1_000);
}

export function cpuWords(cpu: CpuSeconds, messages: number): string {
  const each = (seconds: number | null) =>
    seconds === null ? "unknown" : `${((seconds / messages) * 1e6).toFixed(0)} µs`;
  return `a message: sender ${each(cpu.sender)}, Postgres ${each(cpu.postgres)}, observer ${each(cpu.observer)}`;
}

export function words({ perSecond, peakMegabytes }: Pick<Rate, "perSecond" | "peakMegabytes">): string {
  return `${Math.round(perSecond).toLocaleString("en").padStart(7)} a second, ${Math.round(peakMegabytes)} MB at its peak`;
}
