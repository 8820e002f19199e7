/**
 * Takes one Stripe customer over for one person: links the two, writes our id into the customer's metadata, then reads the
 * truth as for anybody else. Charges nothing, cancels nothing and mails nobody. Safe to run again after a crash in
 * any place: what was linked is finished. Never takes a customer that belongs to another person.
 */
import type Stripe from "stripe";
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { getPublication } from "@/lib/publication/queries";
import { Prisma } from "@/prisma/generated/client";
import { isMissing } from "./customer";
import { noticesFor } from "./membership-notices";
import { fromSeconds } from "./moments";
import { runsAtStripe } from "./status";
import { syncMembership } from "./sync";
import { readTruth, type Truth } from "./truth";

export type Move = { subscriberId: string; customerId: string };
type Services = { now: Date; publicUrl: string };

export const OPEN_STATES = ["WAITING", "PROPOSED", "UNDECIDED"] as const;

/** Throws CONFLICT where the customer is another's or gone, where the person pays here already, or it was decided before. */
export async function moveMember(
  db: Database,
  stripe: Stripe,
  { subscriberId, customerId }: Move,
  services: Services,
): Promise<void> {
  const { now } = services;
  const customer = await requireCustomer(db, stripe, { subscriberId, customerId });
  const truth = await readTruth(stripe, customerId, { now });
  const told = await keysOfOldFacts(db, subscriberId, truth, services);
  await link(db, { subscriberId, customerId }, { now, told, truth });
  if (customer.metadata.subscriberId !== subscriberId)
    await stripe.customers.update(customerId, { metadata: { subscriberId } });
  await syncMembership(db, stripe, customerId, { now, cause: { kind: "MOVE" } });
  await db.moveIn.updateMany({
    where: { subscriberId, customerId, state: "MOVING" },
    data: { state: "MOVED" },
  });
  log.info({ event: "memberships.moved-in", subscriberId, customerId });
}

async function requireCustomer(
  db: Database,
  stripe: Stripe,
  { subscriberId, customerId }: Move,
): Promise<Stripe.Customer> {
  const customer = await stripe.customers.retrieve(customerId).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (!customer || customer.deleted)
    throw new DomainError("CONFLICT", "This customer is gone from Stripe. Look at Stripe again.");
  const named = customer.metadata.subscriberId;
  if (named && named !== subscriberId && (await db.subscriber.count({ where: { id: named } })) > 0)
    throw belongsToAnother();
  return customer;
}

function belongsToAnother(): DomainError {
  return new DomainError("CONFLICT", "This customer at Stripe belongs to another reader here.");
}

/**
 * The notices that what stands at Stripe now would call for: charges, a trial's beginning, a cancellation that happened
 * elsewhere. A trial that is about to end is left out, since whoever is charged next is told before.
 */
async function keysOfOldFacts(
  db: Database,
  subscriberId: string,
  { kept, row }: Truth,
  { now, publicUrl }: Services,
): Promise<string[]> {
  if (!kept || !row) return [];
  const notPaused = { pausedFrom: null, resumesAt: null };
  const membership = { subscriberId, ...notPaused, ...row, createdAt: now, updatedAt: now };
  const synced = { subscriberId, before: membership, after: membership, subscription: kept, changed: false };
  const notices = noticesFor(synced, await getPublication(db), { publicUrl, at: now, trialWillEnd: false });
  return notices.filter(({ kind }) => kind !== "trial-ending").map(({ dedupeKey }) => dedupeKey);
}

type Facts = { now: Date; told: string[]; truth: Truth };

/** Here, in one transaction: the column that carries the customer is unique, so that the first of two wins. */
async function link(db: Database, move: Move, facts: Facts): Promise<void> {
  try {
    await db.$transaction((tx) => linkIn(tx, move, facts));
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002")
      throw belongsToAnother();
    throw error;
  }
}

async function linkIn(
  tx: Transaction,
  { subscriberId, customerId }: Move,
  { now, told, truth }: Facts,
): Promise<void> {
  const person = await tx.subscriber.findUnique({
    where: { id: subscriberId },
    include: { membership: true, moveIn: true },
  });
  if (!person?.moveIn) throw new DomainError("NOT_FOUND", "This subscriber is gone.");
  const { stripeCustomerId: before, membership, moveIn } = person;
  if (moveIn.state === "MOVING" && moveIn.customerId === customerId && before === customerId) return;
  if (before === customerId) return settleOwn(tx, subscriberId, now);
  const paysHere = runsAtStripe(membership);
  if (paysHere)
    throw new DomainError("CONFLICT", "This reader pays here already, through another customer at Stripe.");
  const firstPaid = moveIn.firstPaymentAt ?? (truth.kept && fromSeconds(truth.kept.start_date)) ?? now;
  const trialUsedAt = person.trialUsedAt === null ? firstPaid : null;
  const { count } = await tx.moveIn.updateMany({
    where: { subscriberId, state: { in: [...OPEN_STATES] } },
    data: {
      state: "MOVING",
      customerId,
      replacedCustomerId: before,
      trialUsedAt,
      told,
      decidedAt: now,
    },
  });
  if (count === 0) throw new DomainError("CONFLICT", "This was decided already.");
  await tx.subscriber.update({
    where: { id: subscriberId },
    data: { stripeCustomerId: customerId, ...(trialUsedAt && { trialUsedAt }) },
  });
  const price = truth.row?.stripePriceId;
  if (price) await tx.keptPrice.createMany({ data: [{ id: price, keptAt: now }], skipDuplicates: true });
}

/** Their customer here already, through our own checkout: nothing was taken over, so nothing can be undone. */
async function settleOwn(tx: Transaction, subscriberId: string, now: Date): Promise<void> {
  await tx.moveIn.updateMany({
    where: { subscriberId, state: { in: [...OPEN_STATES] } },
    data: { state: "MOVED", customerId: null, decidedAt: now },
  });
}
