/**
 * What a list from another service says of somebody who paid or was given a membership there, kept as a row to be
 * reviewed. Saving may run twice: a later list fills in what an earlier one left open, and changes nothing that was
 * decided. Never makes anybody a member; `lib/memberships/move-in.ts` does.
 */
import type { Transaction } from "@/lib/db";

export type PaidElsewhere = {
  kind: "PAID" | "COMP" | "GIFT";
  /** In the list's own word, such as yearly. */
  plan: string;
  /** Null for life, or where the list does not say. */
  paidUntil: Date | null;
  firstPaymentAt: Date | null;
  stripeCustomerId: string | null;
};

export const PLAN_HEADINGS = {
  /** Of Substack: whether something runs at all. */
  active: ["active_subscription"],
  plan: ["plan"],
  /** Of Substack's list of paid subscribers, where it stands instead of a plan. */
  paidType: ["type"],
  comped: ["complimentary_plan"],
  paidUntil: ["expiry", "expires_at"],
  firstPaymentAt: ["first_payment_at"],
  customer: [
    "stripe_connected_customer_id",
    "stripe_customer_id",
    "stripe customer id",
    "stripe_customer",
    "stripe customer",
    "customer_id",
  ],
} as const;

type Cell = (column: keyof typeof PLAN_HEADINGS) => string;

/** Substack writes a membership for life as one that ends about 2118. */
const FOR_LIFE_FROM = Date.UTC(2100, 0, 1);
const CUSTOMER = /^cus_\w{1,100}$/;
const NOTHING_PAID = new Set(["", "free", "other", "none"]);
const TRUE = new Set(["true", "yes", "1", "t", "y"]);

/** Null for a free reader. `hasActive` tells whether the list has a column that says what runs. Pure. */
export function readPaidElsewhere(cell: Cell, { hasActive }: { hasActive: boolean }): PaidElsewhere | null {
  const plan = (cell("paidType") || cell("plan")).slice(0, 60);
  const word = plan.toLowerCase();
  const isComped = TRUE.has(cell("comped").toLowerCase());
  const customer = CUSTOMER.test(cell("customer")) ? cell("customer") : null;
  const runs = hasActive
    ? TRUE.has(cell("active").toLowerCase())
    : isComped || customer !== null || !NOTHING_PAID.has(word);
  const expiry = readMoment(cell("paidUntil"));
  // A word such as "member" in a column of types says nothing of money.
  const says = hasActive || isComped || customer !== null || expiry !== null;
  if (!runs || !says || (!hasActive && word === "free")) return null;
  const isForLife = (expiry?.getTime() ?? 0) >= FOR_LIFE_FROM;
  const isComp = word === "comp" || isComped || (isForLife && customer === null);
  return {
    kind: isComp ? "COMP" : word === "gift" ? "GIFT" : "PAID",
    plan: isComped && plan === "" ? "comp" : plan,
    paidUntil: isForLife ? null : expiry,
    firstPaymentAt: readMoment(cell("firstPaymentAt")),
    stripeCustomerId: customer,
  };
}

function readMoment(value: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}/.test(value)) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Of people who have a row here already. Rows that were decided stay as they are. */
export async function savePaidElsewhere(
  tx: Transaction,
  people: readonly { email: string; paid: PaidElsewhere }[],
  { now }: { now: Date },
): Promise<void> {
  if (people.length === 0) return;
  const rows = people.map(({ email, paid }) => ({ email, ...paid }));
  await tx.$executeRaw`
    INSERT INTO "MoveIn" AS known ("subscriberId", "kind", "plan", "paidUntil", "firstPaymentAt", "listedCustomerId",
      "createdAt", "updatedAt")
    SELECT s.id, row.kind::"MoveInKind", row.plan, row."paidUntil", row."firstPaymentAt", row."stripeCustomerId",
      ${now}::timestamp, ${now}::timestamp
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row("email" text, "kind" text, "plan" text,
      "paidUntil" timestamp, "firstPaymentAt" timestamp, "stripeCustomerId" text)
    JOIN "Subscriber" s ON s.email = row.email
    ON CONFLICT ("subscriberId") DO UPDATE SET
      "kind" = excluded.kind,
      "plan" = CASE WHEN excluded.plan IN ('', 'paid') AND known.plan <> '' THEN known.plan ELSE excluded.plan END,
      "paidUntil" = coalesce(excluded."paidUntil", known."paidUntil"),
      "firstPaymentAt" = coalesce(known."firstPaymentAt", excluded."firstPaymentAt"),
      "listedCustomerId" = coalesce(excluded."listedCustomerId", known."listedCustomerId"),
      "updatedAt" = excluded."updatedAt"
    WHERE known.state IN ('WAITING', 'PROPOSED', 'UNDECIDED')`;
}
