/**
 * Copies a customer's charges and refunds from Stripe, named by Stripe's ids. Safe to run any number of times: what is
 * here already is written over. Never removes one: Stripe does not either.
 */
import type Stripe from "stripe";
import type { Transaction } from "@/lib/db";
import type { Prisma } from "@/prisma/generated/client";

export async function copyPayments(
  tx: Transaction,
  stripe: Stripe,
  { customerId, subscriberId }: { customerId: string; subscriberId: string },
): Promise<void> {
  const charges = await stripe.charges
    .list({ customer: customerId, limit: 100, expand: ["data.refunds"] })
    .autoPagingToArray({ limit: 1_000 });
  const found = charges.flatMap((charge) => [
    chargeRow(charge, subscriberId),
    ...(charge.refunds?.data ?? []).map((refund) => refundRow(refund, subscriberId)),
  ]);
  const known = new Map(
    (await tx.payment.findMany({ where: { subscriberId } })).map((payment) => [payment.id, payment]),
  );
  for (const row of found) {
    const old = known.get(row.id);
    if (old && old.status === row.status && old.amountCents === row.amountCents) continue;
    await tx.payment.upsert({ where: { id: row.id }, create: row, update: row });
  }
}

function chargeRow(charge: Stripe.Charge, subscriberId: string): Prisma.PaymentCreateManyInput {
  return {
    id: charge.id,
    subscriberId,
    kind: "CHARGE",
    status: charge.status,
    amountCents: charge.amount,
    currency: charge.currency,
    reason: charge.failure_message ?? charge.failure_code,
    at: new Date(charge.created * 1_000),
  };
}

function refundRow(refund: Stripe.Refund, subscriberId: string): Prisma.PaymentCreateManyInput {
  return {
    id: refund.id,
    subscriberId,
    kind: "REFUND",
    status: refund.status ?? "pending",
    amountCents: refund.amount,
    currency: refund.currency,
    reason: refund.reason,
    at: new Date(refund.created * 1_000),
  };
}
