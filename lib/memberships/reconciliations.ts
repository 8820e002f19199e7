/**
 * When memberships were compared with Stripe, and what came of it. The worker compares by the hour, or when the author
 * asks; each run is written down and kept for thirty days. Safe to run from several processes: who asks twice is served
 * once.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { askForJob } from "@/lib/jobs";
import { maskPersonalText } from "@/lib/log";
import type { Reconciliation } from "@/prisma/generated/client";
import { type Reconciled, reconcileMemberships } from "./reconcile";

type Services = { now: Date; publicUrl: string };

const KEPT_MS = 30 * 86_400_000;
/** A run that has said nothing for so long died with its process. */
const DEAD_AFTER_MS = 30 * 60_000;

/** Compares and writes down the outcome. Throws what `reconcileMemberships` throws, after it is written down. */
export async function runReconciliation(
  db: Database,
  stripe: Stripe,
  services: Services,
): Promise<Reconciled> {
  const { now } = services;
  await db.reconciliation.deleteMany({ where: { askedAt: { lt: new Date(now.getTime() - KEPT_MS) } } });
  const { id } = await db.reconciliation.create({ data: { askedAt: now, startedAt: now } });
  return writeOutcome(db, id, () => reconcileMemberships(db, stripe, services));
}

/** False where a run waits or works already, or where one was asked for since `unlessSince`. */
export async function askForReconciliation(
  db: Database,
  { now, unlessSince }: { now: Date; unlessSince?: Date },
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('reconciliation', 0))`;
    if ((await tx.reconciliation.count({ where: openAt(now) })) > 0) return false;
    if (unlessSince && (await tx.reconciliation.count({ where: { askedAt: { gt: unlessSince } } })) > 0)
      return false;
    await tx.reconciliation.create({ data: { askedAt: now } });
    await askForJob(tx, "reconcile", {});
    return true;
  });
}

/** Does what the author asked for; false where nothing was. */
export async function runAskedReconciliation(
  db: Database,
  stripe: Stripe,
  services: Services,
): Promise<boolean> {
  const asked = await db.reconciliation.findFirst({
    where: { startedAt: null },
    orderBy: { askedAt: "asc" },
  });
  if (!asked) return false;
  const { count } = await db.reconciliation.updateMany({
    where: { id: asked.id, startedAt: null },
    data: { startedAt: services.now },
  });
  if (count === 0) return false;
  await writeOutcome(db, asked.id, () => reconcileMemberships(db, stripe, services));
  return true;
}

async function writeOutcome(db: Database, id: string, run: () => Promise<Reconciled>): Promise<Reconciled> {
  try {
    const outcome = await run();
    await db.reconciliation.update({ where: { id }, data: { finishedAt: new Date(), ...outcome } });
    return outcome;
  } catch (error) {
    const words = maskPersonalText(error instanceof Error ? error.message : String(error)).slice(0, 500);
    await db.reconciliation.update({ where: { id }, data: { finishedAt: new Date(), error: words } });
    throw error;
  }
}

const openAt = (now: Date) => ({
  finishedAt: null,
  askedAt: { gte: new Date(now.getTime() - DEAD_AFTER_MS) },
});

export type ReconciliationState = {
  /** Waits for the worker, or works. */
  open: Reconciliation | null;
  /** The last that came to an end, whatever its outcome. */
  last: Reconciliation | null;
};

export async function getReconciliationState(
  db: Database,
  { now }: { now: Date },
): Promise<ReconciliationState> {
  const [open, last] = await Promise.all([
    db.reconciliation.findFirst({ where: openAt(now), orderBy: { askedAt: "desc" } }),
    db.reconciliation.findFirst({ where: { finishedAt: { not: null } }, orderBy: { askedAt: "desc" } }),
  ]);
  return { open, last };
}
