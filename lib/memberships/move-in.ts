/**
 * Moves those in who paid in the place that a list came from: finds their subscriptions at Stripe, takes over what the
 * list names by its customer, and leaves the rest to the author as proposals and decisions. May run any number of
 * times: a second run changes nothing, and one that was interrupted is taken up where it stopped. One person's failure
 * never stops the others. Never matches by address alone, charges nothing and mails nobody.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { type GuestCounts, openListedGuests } from "./move-in-guests";
import { type Candidate, type Match, type Mover, matchMover, type Payers } from "./move-in-match";
import { type Move, moveMember, OPEN_STATES } from "./move-in-member";
import { listPayers } from "./move-in-payers";
import { runsAtStripe } from "./status";

export type MoveInRun = GuestCounts & {
  /** Became members by this run. */
  moved: number;
  /** Could not be moved now and wait for the next run. */
  failed: number;
};

export type MoveInServices = {
  now: Date;
  publicUrl: string;
  onProgress?: (done: number, of: number) => void;
};

/** Throws what Stripe throws when it does not list its subscriptions; who was moved before stays so. */
export async function moveIn(db: Database, stripe: Stripe, services: MoveInServices): Promise<MoveInRun> {
  const guests = await openListedGuests(db, services);
  const payers = await listPayers(db, stripe);
  await addUnlisted(db, payers, services.now);
  const moves = [...(await listUnfinished(db)), ...(await matchAll(db, payers, services.now))];
  const run = { ...guests, ...(await moveAll(db, stripe, moves, services)) };
  log.info({ event: "memberships.move-in-run", ...run });
  return run;
}

/** One after the other. A refusal puts the person before the author; trouble at Stripe leaves them for the next run. */
export async function moveAll(
  db: Database,
  stripe: Stripe,
  moves: readonly Move[],
  services: MoveInServices,
): Promise<{ moved: number; failed: number }> {
  let [moved, failed] = [0, 0];
  for (const move of moves) {
    try {
      await moveMember(db, stripe, move, services);
      moved += 1;
    } catch (error) {
      failed += 1;
      const { subscriberId, customerId } = move;
      log.warn({ event: "memberships.move-in-failed", subscriberId, customerId, error });
      if (error instanceof DomainError && error.code === "CONFLICT")
        await db.moveIn.updateMany({
          where: { subscriberId, state: { in: [...OPEN_STATES] } },
          data: { state: "UNDECIDED" },
        });
    }
    services.onProgress?.(moved + failed, moves.length);
  }
  return { moved, failed };
}

/** Linked here already by a run that did not come to its end. */
async function listUnfinished(db: Database): Promise<Move[]> {
  const rows = await db.moveIn.findMany({
    where: { state: "MOVING" },
    select: { subscriberId: true, customerId: true },
  });
  return rows.flatMap(({ subscriberId, customerId }) => (customerId ? [{ subscriberId, customerId }] : []));
}

/** Free by the list, or not on it, and an equal address pays at Stripe: who joined after the list was made. */
async function addUnlisted(db: Database, { byEmail }: Payers, now: Date): Promise<void> {
  const free = [...byEmail]
    .filter(([, payers]) => payers.every(({ holderId }) => holderId === null))
    .map(([email]) => email);
  await db.$executeRaw`
    INSERT INTO "MoveIn" ("subscriberId", "kind", "createdAt", "updatedAt")
    SELECT id, 'PAID', ${now}::timestamp, ${now}::timestamp FROM "Subscriber"
    WHERE email = ANY(${free}::text[])
    ON CONFLICT ("subscriberId") DO NOTHING`;
}

async function matchAll(db: Database, payers: Payers, now: Date): Promise<Move[]> {
  const rows = await db.moveIn.findMany({
    where: { kind: "PAID", state: { in: [...OPEN_STATES] } },
    include: { subscriber: { select: { email: true, stripeCustomerId: true, membership: true } } },
    orderBy: { subscriberId: "asc" },
  });
  const found: Finding[] = [];
  const moves: Move[] = [];
  const claimed = new Set<string>();
  for (const { subscriber, candidates, ...row } of rows) {
    const { membership } = subscriber;
    const mover: Mover = {
      ...row,
      email: subscriber.email,
      ownCustomerId: subscriber.stripeCustomerId,
      paysHere: runsAtStripe(membership),
      saidToPay: row.plan !== "",
    };
    const match = unlessClaimed(matchMover(mover, payers), claimed);
    const { subscriberId } = row;
    if (match.state === "MOVE") {
      claimed.add(match.customerId);
      moves.push({ subscriberId, customerId: match.customerId });
    }
    if (differs(row.state, candidates, match)) found.push({ subscriberId, ...stored(row.state, match) });
  }
  await saveFindings(db, found, now);
  return moves;
}

/** A list that names one customer for two people: the second is for the author to look at. */
function unlessClaimed(match: Match, claimed: ReadonlySet<string>): Match {
  if (match.state !== "MOVE" || !claimed.has(match.customerId)) return match;
  return { state: "UNDECIDED", candidates: match.candidates.map((each) => ({ ...each, isTaken: true })) };
}

type Finding = { subscriberId: string; state: string; candidates: Candidate[] };

/** What is about to be moved keeps its state until it is. */
function stored(before: string, { state, candidates }: Match): Omit<Finding, "subscriberId"> {
  return { state: state === "MOVE" ? before : state, candidates };
}

function differs(before: string, candidates: unknown, match: Match): boolean {
  const now = stored(before, match);
  return now.state !== before || canonical(now.candidates) !== canonical(candidates);
}

/** Postgres gives the fields of an object back in an order of its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a.localeCompare(b)))
      : part,
  );
}

async function saveFindings(db: Database, found: readonly Finding[], now: Date): Promise<void> {
  if (found.length === 0) return;
  await db.$executeRaw`
    UPDATE "MoveIn" SET state = row.state::"MoveInState", candidates = row.candidates, "lookedAt" = ${now}::timestamp,
      "decidedAt" = CASE WHEN row.state = 'LEFT' THEN ${now}::timestamp END, "updatedAt" = ${now}::timestamp
    FROM jsonb_to_recordset(${JSON.stringify(found)}::jsonb)
      AS row("subscriberId" text, "state" text, "candidates" jsonb)
    WHERE "MoveIn"."subscriberId" = row."subscriberId"
      AND "MoveIn".state IN ('WAITING', 'PROPOSED', 'UNDECIDED')`;
}
