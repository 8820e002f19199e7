/**
 * The history of a membership row: what it said before, what after, what made the difference and when. Written in the
 * transaction that writes the row, so that neither is there without the other. Writes nothing where nothing differs.
 */
import type { Transaction } from "@/lib/db";
import { type Membership, Prisma } from "@/prisma/generated/client";
import { NO_DISCOUNT } from "./discount";

export type ChangeCause =
  | { kind: "EVENT"; eventId: string }
  | { kind: "RECONCILE" }
  | { kind: "CHECKOUT" }
  | { kind: "AUTHOR" }
  | { kind: "GIFT" }
  | { kind: "READER" }
  | { kind: "MOVE" };

const REMEMBERED = [
  "source",
  "status",
  "startedAt",
  "trialEndsAt",
  "followsFreeTime",
  "currentPeriodEndsAt",
  "cancelAtPeriodEnd",
  "pastDueSince",
  "endsAt",
  "pausedFrom",
  "resumesAt",
  "amountCents",
  "currency",
  "intervalMonths",
  "dueCents",
  "discountCode",
  "discountCents",
  "recurringDiscountCents",
  "discountEndsAt",
  "disputed",
] as const satisfies readonly (keyof Membership)[];

/** What a change remembers of a membership. In the database its moments are ISO strings. */
export type MembershipSnapshot = Pick<Membership, (typeof REMEMBERED)[number]>;

/** True when there was something to write: the row differs from what it was in more than when it was read. */
export async function recordChange(
  tx: Transaction,
  change: {
    subscriberId: string;
    before: Membership | null;
    after: Membership;
    cause: ChangeCause;
    /** Why, in Stripe's word or the author's own; empty where nobody said. */
    reason?: string | null | undefined;
  },
  { now }: { now: Date },
): Promise<boolean> {
  const { subscriberId, cause, reason } = change;
  const [before, after] = [change.before && snapshotOf(change.before), snapshotOf(change.after)];
  if (JSON.stringify(before) === JSON.stringify(after)) return false;
  await tx.membershipChange.create({
    data: {
      subscriberId,
      before: before ?? Prisma.DbNull,
      after,
      cause: cause.kind,
      eventId: cause.kind === "EVENT" ? cause.eventId : null,
      reason: reason || null,
      at: now,
    },
  });
  return true;
}

function snapshotOf(membership: Membership): Prisma.InputJsonObject {
  return Object.fromEntries(
    REMEMBERED.map((name) => {
      const value = membership[name];
      return [name, value instanceof Date ? value.toISOString() : value];
    }),
  );
}

/** What snapshots of earlier versions do not tell. */
const UNTOLD = { ...NO_DISCOUNT, followsFreeTime: false, disputed: false };

/** A snapshot as the database gives it back, with its moments as dates again. */
export function readSnapshot(stored: Record<string, unknown>): MembershipSnapshot {
  const moment = (name: string) => {
    const value = stored[name];
    return typeof value === "string" ? new Date(value) : null;
  };
  return {
    ...UNTOLD,
    ...(stored as MembershipSnapshot),
    startedAt: moment("startedAt") ?? new Date(0),
    trialEndsAt: moment("trialEndsAt"),
    currentPeriodEndsAt: moment("currentPeriodEndsAt"),
    pastDueSince: moment("pastDueSince"),
    endsAt: moment("endsAt"),
    discountEndsAt: moment("discountEndsAt"),
    pausedFrom: moment("pausedFrom"),
    resumesAt: moment("resumesAt"),
  };
}
