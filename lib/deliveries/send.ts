/**
 * Sends whatever is due, over every connection of the mailer at once, until told to stop. Any number of workers may run
 * it against one database. Holds at most twice as many rows as it has connections. After `signal` it takes nothing new,
 * finishes what is on its way, gives the rest back and resolves; it never throws.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, databaseNow } from "@/lib/db";
import type { Signer } from "@/lib/mail/dkim";
import type { Mailer } from "@/lib/mail/mailer";
import { type Bell, createBell } from "./bell";
import { createRefusalKeeper } from "./bounces/record-refusals";
import type { Claim } from "./claim";
import { handOver, type OwnPause } from "./hand-over";
import { createIssueShelf } from "./issue-to-send";
import type { Journal } from "./journal";
import { createLeases } from "./leases";
import { type Ledger, ledgerOf } from "./ledger";
import { createMailTrouble, type MailTrouble } from "./mail-trouble";
import { type News, NO_NEWS } from "./news";
import { type Outcome, outcomeOf } from "./outcome";
import { type CongestionResult, createCongestion } from "./pace/congestion";
import { NO_LIMITS, type SendingLimits } from "./pace/limits";
import { createPace } from "./pace/pace";
import { pauseRefusedSending } from "./pause";
import { createRefusals } from "./refusals";
import { createSecondLook } from "./second-look";
import { createSettler } from "./settle";
import { createStatusLines } from "./status-lines";
import { createSupply } from "./supply";

export type SendServices = {
  /** A faster road to the same database than `db`, where the caller has one. */
  ledger?: Ledger;
  /** Without it the ledger is asked before each message whether its reader still wants it. */
  news?: News;
  mailer: Mailer;
  /** Signs every message (DKIM), where this installation does that itself. */
  signer?: Signer | null;
  limits?: SendingLimits;
  /** Rung by who knows that there is something to send; without it that is found within `pollMs`. */
  bell?: Bell;
  journal: Journal;
  signal: AbortSignal;
  pollMs?: number;
};

const POLL_MS = 500;
const RENEW_EVERY_MS = 15_000;
const TIDY_EVERY_MS = 1_000;
/** Some ten thousand messages; after a crash all of it is read. */
const LARGEST_JOURNAL = 2 ** 21;
const LONGEST_BACK_OFF_MS = 60_000;

export async function sendDeliveries(db: Database, services: SendServices): Promise<void> {
  const {
    news = NO_NEWS,
    mailer,
    signer = null,
    limits = NO_LIMITS,
    bell = createBell(),
    journal,
    signal,
    ledger = ledgerOf(db),
    pollMs = POLL_MS,
  } = services;
  const leases = createLeases(ledger);
  const issue = createIssueShelf(db);
  const settler = createSettler(ledger, { connections: mailer.connections });
  const lookAgain = createSecondLook(ledger);
  const statusLineId = createStatusLines(ledger);
  const hands = {
    db,
    mailer,
    signer,
    journal,
    leases,
    news,
    lookAgain,
    statusLineId,
    settler,
    refusals: createRefusals(),
    keepRefusal: createRefusalKeeper(db),
    pauses: new Map<string, OwnPause>(),
    issue,
    signal,
  };
  const congestion = createCongestion(mailer.connections);
  const pace = createPace(ledger, limits, { nowMs: () => performance.now(), today: () => databaseNow(db) });
  const trouble = createMailTrouble(db, journal.incarnation);
  const supply = createSupply(ledger, {
    claimedBy: journal.incarnation,
    room: mailer.connections,
    pollMs,
    leases,
    settler,
    pace,
    issue,
    bell,
    untilClaimable: untilJournalHasRoom,
    mayBegin: (issueId) => serverTakesUs(db, { mailer, trouble, signal }, issueId),
    signal,
  });
  const unsettled = new Set<Promise<void>>();
  const renewal = setInterval(() => void leases.renew(), RENEW_EVERY_MS);
  const tidying = setInterval(() => journal.size > 0 && clearJournal(), TIDY_EVERY_MS);

  /** With no row in hand every answer stands in the ledger, and the journal has nothing left to tell. */
  function clearJournal(): void {
    if (leases.count === 0) journal.clear();
  }

  /** What is settled goes from it. A message that waits for its answer stays, and holds up nobody. */
  async function untilJournalHasRoom(): Promise<void> {
    if (journal.size <= LARGEST_JOURNAL) return;
    if (leases.count > 0) journal.keepOnly(leases.ids());
    else journal.clear();
  }

  async function giveBack(claim: Claim): Promise<void> {
    const settlement = { state: "QUEUED", reply: null, waitSeconds: 0 } as const;
    await settler.settle({ id: claim.id, attempt: claim.attempt, settlement });
    leases.release(claim);
    pace.finished(claim);
  }

  async function connection(): Promise<void> {
    let troubles = 0;
    while (!signal.aborted) {
      const claim = await supply.next();
      if (!claim) continue;
      await congestion.begin(signal);
      if (signal.aborted) {
        congestion.done("neither");
        return giveBack(claim);
      }
      const { backOff, busy, paused, trouble: words, taken, settled } = await handOver(claim, hands);
      congestion.done(saysOfServer(busy, taken));
      if (busy === "domain") pace.tooMuch(claim);
      else if (taken) pace.taken(claim);
      // Whoever lets the issue go on wants an answer from those that refused it.
      if (paused) pace.wakeAll();
      unsettled.add(settled);
      void settled.then(() => {
        unsettled.delete(settled);
        pace.finished(claim);
      });
      troubles = backOff ? troubles + 1 : 0;
      // Once may be one connection that broke.
      if (words !== null && troubles > 1) void trouble.found(words);
      else if (taken) void trouble.over();
      if (troubles > 0) await backOffFor(troubles, signal);
    }
  }

  await Promise.all(Array.from({ length: mailer.connections }, connection));
  await Promise.all((await supply.close()).map(giveBack));
  await Promise.all(unsettled);
  clearInterval(renewal);
  clearInterval(tidying);
}

/** A server that does not know us pauses the issue before any reader is tried; one that is away is waited for. */
async function serverTakesUs(
  db: Database,
  { mailer, trouble, signal }: { mailer: Mailer; trouble: MailTrouble; signal: AbortSignal },
  issueId: string,
): Promise<boolean> {
  const failure = await mailer.check({ signal });
  if (signal.aborted) return false;
  if (!failure) {
    await trouble.over();
    return true;
  }
  const words = failure.kind === "refused" ? failure.reply : failure.reason;
  if (outcomeOf(failure, 0).aboutUs !== "at-once") {
    await trouble.found(words);
    throw new Error(`The mail server: ${words}`);
  }
  await trouble.over();
  await pauseRefusedSending(db, issueId, { words });
  return false;
}

function saysOfServer(busy: Outcome["busy"], taken: boolean): CongestionResult {
  if (busy === "server") return "too-much";
  if (busy === "connections") return "too-many";
  return taken ? "well" : "neither";
}

/** From one second on, twice as long each time, and never in step with the other connections. */
async function backOffFor(troubles: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(1_000 * 2 ** (troubles - 1), LONGEST_BACK_OFF_MS);
  await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
}
