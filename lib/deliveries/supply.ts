/**
 * Keeps a few claimed deliveries at hand for the connections of one worker: never more than there are connections, so
 * that a crash leaves few rows to look at. Asks the database once for all who wait, and less often while nothing is due
 * or the database is away. Never throws; what it cannot get now it gets later.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/log";
import { Prisma } from "@/prisma/generated/client";
import type { Bell } from "./bell";
import { type Claim, claimDeliveries, giveBackUnheld } from "./claim";
import type { IssueToSend } from "./issue-to-send";
import type { Leases } from "./leases";
import type { Ledger } from "./ledger";
import type { Pace } from "./pace/pace";
import type { Settler } from "./settle";

export type Supply = {
  /** The next delivery, or null after waiting a while without one. */
  next(): Promise<Claim | null>;
  /** What is at hand and will not be used; nothing more is claimed afterwards. */
  close(): Promise<Claim[]>;
};

export type SupplyOptions = {
  claimedBy: string;
  /** How many at most are at hand; twice as many are held, with those on their way and those not settled yet. */
  room: number;
  /** Between two looks at a ledger in which nothing is due. */
  pollMs: number;
  leases: Leases;
  settler: Settler;
  pace: Pace;
  issue: (issueId: string) => Promise<IssueToSend>;
  /** Rung when there may be something to send. */
  bell: Bell;
  untilClaimable: () => Promise<void>;
  /** Asked before the first claim of an issue. False where it may not begin now; throws where nothing can be sent. */
  mayBegin: (issueId: string) => Promise<boolean>;
  signal: AbortSignal;
};

const LONGEST_PAUSE_MS = 10_000;
const SOON_SECONDS = 1;

export function createSupply(ledger: Ledger, options: SupplyOptions): Supply {
  const { claimedBy, room, pollMs, leases, settler, pace, signal } = options;
  const most = 2 * room;
  const atHand: Claim[] = [];
  let front: string | null = null;
  let refilling: Promise<void> | null = null;
  let change = Promise.withResolvers<void>();
  let failures = 0;
  let isAnswerLost = false;

  const pauseFor = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);

  async function putBack(claim: Claim, waitSeconds: number): Promise<void> {
    const settlement = { state: "QUEUED", reply: null, waitSeconds } as const;
    await settler.settle({ id: claim.id, attempt: claim.attempt, settlement });
    leases.release(claim);
  }

  /** False where the issue has no more that is due. */
  async function claimFrom(issueId: string): Promise<boolean> {
    const { publication } = await options.issue(issueId);
    while (!signal.aborted) {
      await options.untilClaimable();
      if (atHand.length === 0 && leases.count >= most) await leases.nextRelease();
      const limit = Math.min(room - atHand.length, most - leases.count);
      // A claim of a few costs the database as much as one of many.
      if (atHand.length > 0 && limit < room / 3) return true;
      const allowance = await pace.allow(limit);
      if (allowance.messages === 0) {
        if (atHand.length > 0) return true;
        await pauseFor(Math.min(allowance.waitSeconds * 1_000, LONGEST_PAUSE_MS));
        continue;
      }
      const since = performance.now();
      const request = { issueId, claimedBy, limit: allowance.messages };
      isAnswerLost = true;
      const { claims, skips } = await claimDeliveries(ledger, request, { publication });
      isAnswerLost = false;
      leases.hold(claims, since);
      const { go, wait } = await pace.sort(claims).catch(async (error: unknown) => {
        await Promise.all([
          ...claims.map((claim) => putBack(claim, SOON_SECONDS)),
          ...skips.map((skip) => settler.settle(skip)),
        ]);
        throw error;
      });
      atHand.push(...go);
      if (go.length > 0) tellWhoWait();
      await Promise.all([
        allowance.giveBack(allowance.messages - go.length),
        ...skips.map((skip) => settler.settle(skip)),
        ...wait.map(({ claim, seconds }) => putBack(claim, seconds)),
      ]);
      if (claims.length + skips.length < allowance.messages) return false;
    }
    return true;
  }

  /** The first issue that has more than what was claimed of it now. One that cannot be sent holds up no other. */
  async function findFront(): Promise<string | null> {
    let isFailed = false;
    for (const { id } of await listIssuesToSend(ledger)) {
      if (signal.aborted) break;
      if (!(await options.mayBegin(id))) continue;
      try {
        if (await claimFrom(id)) return id;
      } catch (error) {
        isFailed = true;
        failures += 1;
        log.error({ event: "deliveries.claim-failed", issueId: id, failures, error }, "others are tried");
      }
    }
    if (!isFailed) failures = 0;
    return null;
  }

  async function refill(): Promise<void> {
    try {
      if (isAnswerLost) {
        await giveBackUnheld(ledger, { claimedBy, held: leases.ids() });
        isAnswerLost = false;
      }
      // While the issue at the front has more, nobody needs to look for others.
      if (front !== null && (await claimFrom(front))) return;
      front = await findFront();
    } catch (error) {
      failures += 1;
      front = null;
      log.error({ event: "deliveries.claim-failed", failures, error }, "no deliveries could be claimed");
    }
    if (atHand.length > 0) return;
    const pause = failures === 0 ? pollMs : Math.min(250 * 2 ** failures, LONGEST_PAUSE_MS);
    await options.bell.wait(pause * (0.75 + Math.random() / 2), signal);
  }

  function refillOnce(): void {
    refilling ??= refill().finally(() => {
      refilling = null;
      tellWhoWait();
    });
  }

  /** Of new rows, or of a refill that found none. */
  function tellWhoWait(): void {
    change.resolve();
    change = Promise.withResolvers();
  }

  return {
    async next() {
      if (signal.aborted) return null;
      if (atHand.length <= room / 2) {
        refillOnce();
        // Not for all of it: what comes first may have to leave before there is room for more.
        if (atHand.length === 0) await change.promise;
      }
      return signal.aborted ? null : (atHand.shift() ?? null);
    },
    async close() {
      await refilling;
      // Else they would be UNCERTAIN a minute later, though nothing of them left.
      if (isAnswerLost)
        await giveBackUnheld(ledger, { claimedBy, held: leases.ids() }).catch(logNotGivenBack);
      return atHand.splice(0);
    },
  };
}

function logNotGivenBack(error: unknown): void {
  log.error(
    { event: "deliveries.not-given-back", error },
    "what was claimed last waits for the end of its lease",
  );
}

/** Issues with deliveries that are due now, oldest first. */
async function listIssuesToSend(ledger: Ledger): Promise<{ id: string }[]> {
  return ledger.query<{ id: string }>(Prisma.sql`
    SELECT i.id FROM "Issue" i
    WHERE i."audienceFrozenAt" IS NOT NULL AND i."sendingPausedAt" IS NULL AND EXISTS (
      SELECT 1 FROM "Delivery" d WHERE d."issueId" = i.id AND d.state IN ('QUEUED', 'DEFERRED')
        AND d."nextAttemptAt" <= (clock_timestamp() AT TIME ZONE 'UTC'))
    ORDER BY i."audienceFrozenAt"`);
}
