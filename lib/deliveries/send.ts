/**
 * Sends whatever is due, over every connection of the mailer at once, until told to stop. Any number of workers may run
 * it against one database. Holds at most twice as many rows as it has connections. After `signal` it takes nothing new,
 * finishes what is on its way, gives the rest back and resolves; it never throws.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@/lib/db";
import type { Mailer } from "@/lib/mail/mailer";
import { handOver } from "./hand-over";
import { createIssueShelf } from "./issue-to-send";
import type { Journal } from "./journal";
import { createLeases } from "./leases";
import { createRefusals } from "./refusals";
import { createSettler } from "./settle";
import { createStarter } from "./start";
import { createSupply } from "./supply";

export type SendServices = {
  mailer: Mailer;
  journal: Journal;
  signal: AbortSignal;
  pollMs?: number;
};

const POLL_MS = 500;
const RENEW_EVERY_MS = 15_000;
const TIDY_EVERY_MS = 1_000;
const LONGEST_BACK_OFF_MS = 60_000;

export async function sendDeliveries(db: Database, services: SendServices): Promise<void> {
  const { mailer, journal, signal, pollMs = POLL_MS } = services;
  const leases = createLeases(db);
  const issue = createIssueShelf(db);
  const settler = createSettler(db);
  const starter = createStarter(db);
  const hands = { db, mailer, journal, leases, starter, settler, refusals: createRefusals(), issue };
  const supply = createSupply(db, {
    claimedBy: journal.incarnation,
    room: mailer.connections,
    pollMs,
    leases,
    settler,
    issue,
    signal,
  });
  const unsettled = new Set<Promise<void>>();
  const renewal = setInterval(() => void leases.renew(), RENEW_EVERY_MS);
  // With no row in hand every answer stands in the ledger, and the journal has nothing left to tell.
  const tidying = setInterval(() => leases.count === 0 && journal.clear(), TIDY_EVERY_MS);

  async function connection(): Promise<void> {
    let troubles = 0;
    while (!signal.aborted) {
      const claim = await supply.next();
      if (!claim) continue;
      const { backOff, settled } = await handOver(claim, hands);
      unsettled.add(settled);
      void settled.then(() => unsettled.delete(settled));
      troubles = backOff ? troubles + 1 : 0;
      if (troubles > 0) await backOffFor(troubles, signal);
    }
  }

  await Promise.all(Array.from({ length: mailer.connections }, connection));
  for (const claim of await supply.close()) {
    const settlement = { state: "QUEUED", reply: null, waitSeconds: 0 } as const;
    await settler.settle({ id: claim.id, attempt: claim.attempt, settlement });
    leases.release(claim);
  }
  await Promise.all(unsettled);
  clearInterval(renewal);
  clearInterval(tidying);
}

/** From one second on, twice as long each time, and never in step with the other connections. */
async function backOffFor(troubles: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(1_000 * 2 ** (troubles - 1), LONGEST_BACK_OFF_MS);
  await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
}
