/**
 * Copies charges and refunds from Stripe, named by Stripe's ids. Safe to run any number of times: what is here already is
 * written over. Never removes one: Stripe does not either.
 */
import type Stripe from "stripe";
import type { Transaction } from "@/lib/db";
import type { Prisma } from "@/prisma/generated/client";

/** Whose they are: a person's own, or those of a gift that somebody bought. */
type Owner = { subscriberId: string } | { giftId: string };

/** Every charge of a customer, newest first, with its refunds. */
export function listCharges(stripe: Stripe, by: { customer: string } | { payment_intent: string }) {
  return stripe.charges
    .list({ ...by, limit: 100, expand: ["data.refunds"] })
    .autoPagingToArray({ limit: 1_000 });
}

/** `charges` as `listCharges` gives them. */
export async function copyPayments(
  tx: Transaction,
  owner: Owner,
  charges: readonly Stripe.Charge[],
): Promise<void> {
  const found = charges.flatMap((charge) => [
    chargeRow(charge, owner),
    ...(charge.refunds?.data ?? []).map((refund) => refundRow(refund, owner)),
  ]);
  const known = new Map(
    (await tx.payment.findMany({ where: owner })).map((payment) => [payment.id, payment]),
  );
  for (const row of found) {
    const old = known.get(row.id);
    if (old && old.status === row.status && old.amountCents === row.amountCents) continue;
    await tx.payment.upsert({ where: { id: row.id }, create: row, update: row });
  }
}

function chargeRow(charge: Stripe.Charge, owner: Owner): Prisma.PaymentCreateManyInput {
  return {
    id: charge.id,
    ...owner,
    kind: "CHARGE",
    status: charge.status,
    amountCents: charge.amount,
    currency: charge.currency,
    reason: charge.failure_message ?? charge.failure_code,
    at: new Date(charge.created * 1_000),
  };
}

function refundRow(refund: Stripe.Refund, owner: Owner): Prisma.PaymentCreateManyInput {
  return {
    id: refund.id,
    ...owner,
    kind: "REFUND",
    status: refund.status ?? "pending",
    amountCents: refund.amount,
    currency: refund.currency,
    reason: refund.reason,
    at: new Date(refund.created * 1_000),
  };
}
