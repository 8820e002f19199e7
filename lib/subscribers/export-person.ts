/**
 * Everything we hold about one person, in plain words for them to keep (GDPR articles 15 and 20). Changes nothing. Never
 * holds secrets that would open their account, nor anything about anybody else.
 */
import type { Database } from "@/lib/db";

export type PersonExport = Record<string, unknown>;

/** Null when there is no such person. Ready for JSON. */
export async function exportPerson(
  db: Database,
  subscriberId: string,
  options: { now: Date },
): Promise<PersonExport | null> {
  const person = await db.subscriber.findUnique({
    where: { id: subscriberId },
    include: {
      membership: true,
      deliveries: {
        orderBy: { createdAt: "asc" },
        include: { issue: { select: { slug: true, title: true } } },
      },
      pastDeliveries: {
        orderBy: { at: "asc" },
        include: { ledger: { select: { issue: { select: { slug: true, title: true } } } } },
      },
      notices: { orderBy: { createdAt: "asc" } },
      sessions: { orderBy: { createdAt: "asc" } },
      membershipChanges: { orderBy: { at: "asc" } },
      payments: { orderBy: { at: "asc" } },
      moveIn: true,
      bounces: { orderBy: { at: "asc" } },
      giftsBought: { orderBy: { createdAt: "asc" } },
      giftsRedeemed: { orderBy: { redeemedAt: "asc" } },
    },
  });
  if (!person) return null;
  const { membership } = person;
  return {
    exportedAt: options.now,
    email: person.email,
    name: person.name,
    status: person.status,
    consent: { how: person.consent, when: person.consentAt, where: person.source },
    signedUpAt: person.createdAt,
    confirmedAt: person.confirmedAt,
    unsubscribedAt: person.unsubscribedAt,
    suppressed: person.suppressedAt && { when: person.suppressedAt, why: person.suppressedReason },
    trialUsedAt: person.trialUsedAt,
    membership: membership && {
      status: membership.status,
      source: membership.source,
      startedAt: membership.startedAt,
      trialEndsAt: membership.trialEndsAt,
      currentPeriodEndsAt: membership.currentPeriodEndsAt,
      endsAt: membership.endsAt,
      amountCents: membership.amountCents,
      currency: membership.currency,
      stripeCustomerId: person.stripeCustomerId,
    },
    paidElsewhere: person.moveIn && {
      plan: person.moveIn.plan,
      until: person.moveIn.paidUntil,
      firstPaymentAt: person.moveIn.firstPaymentAt,
      stripeCustomerId: person.moveIn.listedCustomerId,
      becameHere: person.moveIn.state,
    },
    membershipHistory: person.membershipChanges.map(({ before, after, cause, reason, at }) => ({
      at,
      cause,
      reason,
      before,
      after,
    })),
    payments: person.payments.map(({ kind, status, amountCents, currency, reason, at }) => ({
      at,
      kind,
      status,
      amountCents,
      currency,
      reason,
    })),
    giftsBought: person.giftsBought.map((gift) => ({
      months: gift.months,
      amountCents: gift.amountCents,
      currency: gift.currency,
      paidAt: gift.paidAt,
      receiverEmail: gift.receiverEmail,
      receiverName: gift.receiverName,
      message: gift.message,
    })),
    giftsRedeemed: person.giftsRedeemed.map(({ months, redeemedAt, startsAt, endsAt }) => ({
      months,
      redeemedAt,
      startsAt,
      endsAt,
    })),
    issuesSent: [
      ...person.pastDeliveries.map(({ ledger, state, at }) => ({
        ...ledger.issue,
        state,
        sentAt: state === "SENT" ? at : null,
      })),
      ...person.deliveries.map(({ issue, state, sentAt }) => ({ ...issue, state, sentAt })),
    ],
    mailThatCameBack: person.bounces.map(({ kind, status, words, at }) => ({ at, kind, status, words })),
    otherMail: person.notices.map(({ kind, state, createdAt, sentAt }) => ({
      kind,
      state,
      createdAt,
      sentAt,
    })),
    signedInOn: person.sessions.map(({ userAgent, createdAt, expiresAt }) => ({
      userAgent,
      createdAt,
      expiresAt,
    })),
  };
}
