/** Does to a running stage what a schedule of blows says, and notes what the checker must know of it. */
import { setTimeout as sleep } from "node:timers/promises";
import { unsubscribe } from "@/lib/subscribers/unsubscribe";
import type { Blow } from "./blows";
import { createChance } from "./chance";
import type { Unsubscribed } from "./checker";
import { machineNow } from "./clock";
import { applyExpandingMigration } from "./expand";
import { askPostgres } from "./ledger";
import type { Stage } from "./stage";
import type { Worker } from "./workers";

export type Deeds = {
  done: Record<string, number>;
  unsubscribed: Unsubscribed[];
  drains: { ms: number; code: number | null }[];
  /** Milliseconds from the end of a trouble to the next body. */
  recoveries: number[];
};

export type Nemesis = {
  readonly deeds: Deeds;
  /** Performs what is due now that so many bodies were taken. */
  watch(counts: { taken: number; lastBodyAt: number }): Promise<void>;
  /** What lasts for a while is over afterwards. */
  finish(): Promise<void>;
};

export function createNemesis(stage: Stage, issueId: string, blows: readonly Blow[]): Nemesis {
  const deeds: Deeds = { done: {}, unsubscribed: [], drains: [], recoveries: [] };
  const waiting = [...blows];
  const lasting = new Set<Promise<void>>();
  let troubleOverAt: number | null = null;
  const overNow = () => {
    troubleOverAt = machineNow();
  };
  const lastFor = (ms: number, end: () => Promise<void> | void) => {
    const over = sleep(ms).then(end);
    lasting.add(over);
    void over.finally(() => lasting.delete(over));
  };

  async function strike(blow: Blow): Promise<void> {
    const worker = stage.workers.running[blow.worker % Math.max(1, stage.workers.running.length)];
    if (worker) await strikeWorker(blow, worker);
    if (blow.kind === "crash-postgres") await stage.crashPostgres?.().then(overNow);
    else if (blow.kind === "terminate-backends") await terminateBackends(stage).then(overNow);
    else if (blow.kind === "cut") await stage.observer.cut().then(overNow);
    else if (blow.kind === "block") {
      await stage.observer.block();
      lastFor(blow.size, () => stage.observer.unblock().then(overNow));
    } else if (blow.kind === "unsubscribe") deeds.unsubscribed.push(...(await unsubscribeSome(stage, blow)));
    else if (blow.kind === "flip") await flipMemberships(stage, blow);
    else if (blow.kind === "edit") await editIssue(stage, issueId);
    else if (blow.kind === "migrate")
      await applyExpandingMigration(stage.databaseUrl, (deeds.done.migrate ?? 0) + 1);
  }

  async function strikeWorker(blow: Blow, worker: Worker): Promise<void> {
    const { workers } = stage;
    if (blow.kind === "kill") await workers.kill(worker);
    else if (blow.kind === "drain") deeds.drains.push(await workers.drain(worker));
    else if (blow.kind === "freeze") {
      workers.freeze(worker);
      lastFor(blow.size, () => workers.thaw(worker));
    } else if (blow.kind === "fill-disk") {
      if (!workers.fillDisk(worker, true)) throw new Error("This needs `prlimit` (util-linux).");
      lastFor(blow.size, () => void workers.fillDisk(worker, false));
    }
  }

  return {
    deeds,
    async watch({ taken, lastBodyAt }) {
      if (troubleOverAt !== null && lastBodyAt > troubleOverAt) {
        deeds.recoveries.push(lastBodyAt - troubleOverAt);
        troubleOverAt = null;
      }
      const due = waiting[0] && waiting[0].at <= taken ? waiting.shift() : undefined;
      if (!due) return;
      await sleep(due.afterMs);
      await strike(due);
      deeds.done[due.kind] = (deeds.done[due.kind] ?? 0) + 1;
    },
    async finish() {
      await Promise.all(lasting);
    },
  };
}

export async function terminateBackends({ databaseUrl }: Stage): Promise<void> {
  await askPostgres(
    databaseUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
}

async function someReaders({ databaseUrl }: Stage, { size, at, worker }: Blow) {
  const rows = await askPostgres<{ id: string; email: string }>(
    databaseUrl,
    `SELECT id, email FROM "Subscriber" WHERE status = 'CONFIRMED' ORDER BY email`,
  );
  return createChance(at * 1_009 + worker)
    .shuffled(rows)
    .slice(0, size);
}

/** By the product's own use case. The moment noted is after the commit was confirmed, so it is never too early. */
async function unsubscribeSome(stage: Stage, blow: Blow): Promise<Unsubscribed[]> {
  const readers = await someReaders(stage, blow);
  return Promise.all(
    readers.map(async ({ id, email }) => {
      await unsubscribe(stage.db, id, { now: new Date() });
      return { email, committedAt: machineNow() };
    }),
  );
}

/** Members become free, free readers members. */
async function flipMemberships(stage: Stage, blow: Blow): Promise<void> {
  const ids = (await someReaders(stage, blow)).map((reader) => reader.id);
  await askPostgres(
    stage.databaseUrl,
    `INSERT INTO "Membership" ("subscriberId", source, status, "startedAt", "updatedAt")
     SELECT id, 'COMP', 'ACTIVE', now(), now() FROM unnest($1::text[]) AS id
     ON CONFLICT ("subscriberId") DO UPDATE SET
       status = CASE WHEN "Membership".status = 'ACTIVE' THEN 'CANCELED' ELSE 'ACTIVE' END::"MembershipStatus"`,
    [ids],
  );
}

/** On the web it reads differently from now on. */
async function editIssue({ databaseUrl }: Stage, issueId: string): Promise<void> {
  await askPostgres(
    databaseUrl,
    `UPDATE "Issue" SET title = title || ' (edited)', version = version + 1,
       body = jsonb_set(body, '{content,0,content,0,text}', '"Other words than were sent."') WHERE id = $1`,
    [issueId],
  );
}
