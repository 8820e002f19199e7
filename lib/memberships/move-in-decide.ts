/**
 * What the author decides about people who move in: yes to a proposal, one of several customers, free until the day that
 * was paid for, or a free reader. Each is guarded and may run twice; none charges or mails anybody.
 */
import { createHash } from "node:crypto";
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { grantComp } from "./comp";
import { type MoveInServices, moveAll } from "./move-in";
import { readCandidates } from "./move-in-match";
import { type Move, moveMember, OPEN_STATES } from "./move-in-member";

/** Throws CONFLICT for a customer that the last look did not show, and what `moveMember` throws. */
export async function chooseCustomer(
  db: Database,
  stripe: Stripe,
  move: Move,
  services: MoveInServices,
): Promise<void> {
  const row = await requireOpen(db, move.subscriberId);
  const chosen = readCandidates(row.candidates).find(({ customerId }) => customerId === move.customerId);
  if (!chosen) throw new DomainError("CONFLICT", "The list has changed since. Look at it again.");
  await moveMember(db, stripe, move, services);
}

export type Proposals = {
  moves: Move[];
  /** Stands for exactly these; whoever says yes hands it back. */
  mark: string;
};

/** People with one customer of an equal address that pays once: all that a single yes may move. */
export async function listProposals(db: Database): Promise<Proposals> {
  const rows = await db.moveIn.findMany({
    where: { state: "PROPOSED" },
    select: { subscriberId: true, candidates: true },
    orderBy: { subscriberId: "asc" },
  });
  const moves = rows.flatMap(({ subscriberId, candidates }) => {
    const [only] = readCandidates(candidates);
    return only ? [{ subscriberId, customerId: only.customerId }] : [];
  });
  const words = moves.map(({ subscriberId, customerId }) => `${subscriberId} ${customerId}`).join("\n");
  return { moves, mark: createHash("sha256").update(words).digest("hex").slice(0, 32) };
}

/** Yes to all that were shown. Throws CONFLICT when they are others by now; nothing was moved then. */
export async function acceptProposals(
  db: Database,
  stripe: Stripe,
  mark: string,
  services: MoveInServices,
): Promise<{ moved: number; failed: number }> {
  const proposals = await listProposals(db);
  if (proposals.mark !== mark)
    throw new DomainError("CONFLICT", "The proposals have changed since you saw them. Look at them again.");
  return moveAll(db, stripe, proposals.moves, services);
}

/** Throws INVALID where the list names no day that is still to come. */
export async function openUntilPaid(
  db: Database,
  subscriberId: string,
  { now }: { now: Date },
): Promise<void> {
  const { paidUntil, plan } = await requireOpen(db, subscriberId);
  if (!paidUntil || paidUntil <= now) {
    throw new DomainError(
      "INVALID",
      "The list names no day that is still to come. The reader's own page opens everything until a day of your choice.",
    );
  }
  const reason = `paid until then in the place before${plan ? ` (${plan})` : ""}`;
  await grantComp(db, { subscriberId, endsAt: paidUntil, reason }, { now });
  await decide(db, subscriberId, "GUEST", now);
}

/** Stays a free reader. A proposal that is refused ends so too, and is not made again. */
export async function leaveFree(db: Database, subscriberId: string, { now }: { now: Date }): Promise<void> {
  await requireOpen(db, subscriberId);
  await decide(db, subscriberId, "LEFT", now);
}

async function requireOpen(db: Database, subscriberId: string) {
  const row = await db.moveIn.findUnique({ where: { subscriberId } });
  if (!row) throw new DomainError("NOT_FOUND", "This subscriber is gone.");
  if (OPEN_STATES.some((state) => state === row.state)) return row;
  throw new DomainError("CONFLICT", "This was decided already.");
}

async function decide(db: Database, subscriberId: string, state: "GUEST" | "LEFT", now: Date): Promise<void> {
  const { count } = await db.moveIn.updateMany({
    where: { subscriberId, state: { in: [...OPEN_STATES] } },
    data: { state, decidedAt: now },
  });
  if (count > 0) log.info({ event: "memberships.move-in-decided", subscriberId, state });
}
