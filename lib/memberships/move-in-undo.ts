/**
 * Takes one decision about a person who moves in back, as long as nothing else has come of it. May run twice. Ends nothing
 * at Stripe: it only forgets whose customer it is.
 */
import type Stripe from "stripe";
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import type { MoveIn } from "@/prisma/generated/client";
import { readSnapshot } from "./change";
import { endComp, NOTHING_OF_STRIPE } from "./comp";
import { type Candidate, readCandidates } from "./move-in-match";

/** Throws NOT_FOUND where nothing can be undone, and CONFLICT where something happened since. */
export async function undoMoveIn(
  db: Database,
  stripe: Stripe,
  subscriberId: string,
  { now }: { now: Date },
): Promise<void> {
  const row = await db.moveIn.findUnique({ where: { subscriberId } });
  if (!row || !canBeUndone(row))
    throw new DomainError("NOT_FOUND", "There is nothing here that can be undone.");
  if (row.state === "MOVED" || row.state === "MOVING") await unlink(db, stripe, row);
  else {
    if (row.state === "GUEST") await endComp(db, subscriberId, { now });
    await db.moveIn.updateMany({ where: { subscriberId, state: row.state }, data: reopened(row) });
  }
  log.info({ event: "memberships.move-in-undone", subscriberId, state: row.state });
}

/** Guests by the list are ended on their own page. Pure. */
export function canBeUndone({ kind, state, customerId }: Pick<MoveIn, "kind" | "state" | "customerId">) {
  if (kind !== "PAID") return false;
  if (state === "MOVED" || state === "MOVING") return customerId !== null;
  return state === "GUEST" || state === "LEFT";
}

function reopened(row: MoveIn) {
  const candidates = readCandidates(row.candidates);
  return {
    state: isPlain(candidates) ? ("PROPOSED" as const) : ("UNDECIDED" as const),
    heldBack: true,
    customerId: null,
    replacedCustomerId: null,
    trialUsedAt: null,
    told: [],
    decidedAt: null,
  };
}

function isPlain([only, ...others]: readonly Candidate[]): boolean {
  return only !== undefined && others.length === 0 && only.subscriptions.length === 1 && !only.isTaken;
}

/** The metadata goes first: a crash after it leaves a link that can be undone again. */
async function unlink(db: Database, stripe: Stripe, row: MoveIn): Promise<void> {
  const customerId = row.customerId ?? "";
  await refuseAfterMore(db, row);
  const charges = await stripe.charges
    .list({ customer: customerId, limit: 100, expand: ["data.refunds"] })
    .autoPagingToArray({ limit: 1_000 });
  await stripe.customers.update(customerId, { metadata: { subscriberId: "" } });
  const payments = charges.flatMap(({ id, refunds }) => [
    id,
    ...(refunds?.data ?? []).map((each) => each.id),
  ]);
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`customer:${customerId}`}, 0))`;
    await refuseAfterMore(tx, row);
    await takeBack(tx, row, payments);
  });
}

/** A webhook about this customer, or a change of the membership, that came after the move. Our own note in the customer's metadata is none. */
async function refuseAfterMore(tx: Database | Transaction, row: MoveIn): Promise<void> {
  const { subscriberId, customerId, decidedAt } = row;
  const since = decidedAt ?? row.createdAt;
  const [events, changes] = await Promise.all([
    tx.stripeEvent.count({
      where: { customerId, receivedAt: { gt: since }, NOT: { type: "customer.updated" } },
    }),
    tx.membershipChange.count({ where: { subscriberId, at: { gte: since }, NOT: { cause: "MOVE" } } }),
  ]);
  if (events + changes === 0) return;
  throw new DomainError(
    "CONFLICT",
    "Something happened since this reader was moved, so it cannot be undone. Their own page tells what.",
  );
}

async function takeBack(tx: Transaction, row: MoveIn, payments: string[]): Promise<void> {
  const { subscriberId, customerId, replacedCustomerId, trialUsedAt } = row;
  const { count } = await tx.moveIn.updateMany({
    where: { subscriberId, customerId, state: row.state },
    data: reopened(row),
  });
  if (count === 0) return;
  await tx.subscriber.updateMany({
    where: { id: subscriberId, stripeCustomerId: customerId },
    data: { stripeCustomerId: replacedCustomerId },
  });
  if (trialUsedAt)
    await tx.subscriber.updateMany({
      where: { id: subscriberId, trialUsedAt },
      data: { trialUsedAt: null, trialEndsAt: null },
    });
  await tx.payment.deleteMany({ where: { subscriberId, id: { in: payments } } });
  const change = await tx.membershipChange.findFirst({
    where: { subscriberId, cause: "MOVE" },
    orderBy: { at: "desc" },
  });
  if (!change) return;
  const before = change.before && readSnapshot(change.before as Record<string, unknown>);
  if (before)
    await tx.membership.update({ where: { subscriberId }, data: { ...NOTHING_OF_STRIPE, ...before } });
  else await tx.membership.deleteMany({ where: { subscriberId, source: "STRIPE" } });
  await tx.membershipChange.delete({ where: { id: change.id } });
}
