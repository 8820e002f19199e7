/**
 * Which mails a membership's state calls for. Pure. Each has a key that stands for the fact it tells, so asking again,
 * in any order, after any event, sends none twice.
 */
import type Stripe from "stripe";
import { formatMoney, formatPrice } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { cancelUrl } from "./cancel-link";
import { priceOfNextCharge } from "./price-words";
import type { Synced } from "./sync";

const DAY_MS = 86_400_000;
const REMINDER_DAYS = 3;

export type MembershipNotice = { dedupeKey: string } & (
  | {
      kind: "trial-started" | "trial-ending" | "later-started" | "later-starting";
      data: { firstChargeAt: string; priceLabel: string; cancelUrl: string };
    }
  | {
      kind: "payment-received";
      data: {
        amountLabel: string;
        discountLabel: string | null;
        nextPriceLabel: string | null;
        periodEndsAt: string;
        invoiceUrl: string | null;
        cancelUrl: string;
      };
    }
  | { kind: "payment-failed"; data: { amountLabel: string; accessEndsAt: string; fixUrl: string } }
  | { kind: "membership-cancelled"; data: { accessEndsAt: string } }
  | { kind: "membership-ended"; data: Record<string, never> }
  | { kind: "membership-paused"; data: { closesAt: string; chargeAt: string; priceLabel: string } }
  | { kind: "pause-ending"; data: { chargeAt: string; priceLabel: string; cancelUrl: string } }
);

/** `trialWillEnd` says that Stripe announced the trial's end; where that was lost, `at` tells how near it is. */
export function noticesFor(
  synced: Synced,
  publication: PublicationSettings,
  context: { publicUrl: string; at: Date; trialWillEnd: boolean },
): MembershipNotice[] {
  const { before, after, subscription } = synced;
  if (!after || !subscription || after.stripeSubscriptionId !== subscription.id) return [];
  const notices: MembershipNotice[] = [];
  const manageUrl = `${context.publicUrl}/account`;
  const cancelLink = cancelUrl(subscription.id, context);
  const currency = after.currency ?? publication.currency;
  const amount = after.amountCents ?? publication.priceCents;
  const priceAt = (at: Date) =>
    after.amountCents === null
      ? formatPrice(amount, currency, 1, publication.language)
      : priceOfNextCharge({ ...after, amountCents: after.amountCents, currency }, at, publication);
  const trial = after.status === "TRIALING" && after.trialEndsAt;
  if (trial) {
    const data = {
      firstChargeAt: trial.toISOString(),
      priceLabel: priceAt(trial),
      cancelUrl: cancelLink,
    };
    const [begun, ending] = after.followsFreeTime
      ? (["later-started", "later-starting"] as const)
      : (["trial-started", "trial-ending"] as const);
    notices.push({ kind: begun, dedupeKey: `${begun}:${subscription.id}`, data });
    const near = trial.getTime() - context.at.getTime() <= REMINDER_DAYS * DAY_MS;
    if ((context.trialWillEnd || near) && !after.cancelAtPeriodEnd) {
      notices.push({ kind: ending, dedupeKey: `${ending}:${subscription.id}`, data });
    }
  }
  const invoice = invoiceOf(subscription);
  const discount = (invoice?.total_discount_amounts ?? []).reduce((sum, each) => sum + each.amount, 0);
  if (invoice?.status === "paid" && invoice.amount_paid > 0 && after.currentPeriodEndsAt) {
    notices.push({
      kind: "payment-received",
      dedupeKey: `payment-received:${invoice.id}`,
      data: {
        amountLabel: formatMoney(invoice.amount_paid, invoice.currency, publication.language),
        discountLabel: discount > 0 ? formatMoney(discount, invoice.currency, publication.language) : null,
        nextPriceLabel: after.cancelAtPeriodEnd ? null : priceAt(after.currentPeriodEndsAt),
        periodEndsAt: after.currentPeriodEndsAt.toISOString(),
        invoiceUrl: invoice.hosted_invoice_url ?? null,
        cancelUrl: cancelLink,
      },
    });
  }
  if (after.status === "PAST_DUE" && after.pastDueSince) {
    notices.push({
      kind: "payment-failed",
      dedupeKey: `payment-failed:${invoice?.id ?? `${subscription.id}:${after.pastDueSince.getTime()}`}`,
      data: {
        amountLabel: formatMoney(invoice?.amount_due ?? amount, currency, publication.language),
        accessEndsAt: new Date(after.pastDueSince.getTime() + publication.graceDays * DAY_MS).toISOString(),
        fixUrl: manageUrl,
      },
    });
  }
  if (after.cancelAtPeriodEnd && after.endsAt && after.status !== "CANCELED") {
    notices.push({
      kind: "membership-cancelled",
      // One for each time that somebody cancels, also after they took an earlier cancellation back.
      dedupeKey: `membership-cancelled:${subscription.id}:${subscription.canceled_at ?? after.endsAt.getTime()}`,
      data: { accessEndsAt: after.endsAt.toISOString() },
    });
  }
  notices.push(...pauseNotices(synced, publication, { ...context, cancelLink }));
  if (after.status === "CANCELED" && before?.stripeSubscriptionId === subscription.id) {
    notices.push({ kind: "membership-ended", dedupeKey: `membership-ended:${subscription.id}`, data: {} });
  }
  return notices;
}

/** A cancelled membership is not going to be charged again, so there is nothing to tell of its pause. */
function pauseNotices(
  { after, subscription }: Synced,
  publication: PublicationSettings,
  { at, cancelLink }: { at: Date; cancelLink: string },
): MembershipNotice[] {
  if (!after?.pausedFrom || !after.resumesAt || !subscription || after.cancelAtPeriodEnd) return [];
  const { pausedFrom, resumesAt, amountCents, currency, intervalMonths } = after;
  const priceLabel = formatPrice(
    amountCents ?? publication.priceCents,
    currency ?? publication.currency,
    intervalMonths,
    publication.language,
  );
  const chargeAt = resumesAt.toISOString();
  const pause = `${subscription.id}:${subscription.metadata.pausedAt ?? resumesAt.getTime()}`;
  const notices: MembershipNotice[] = [
    {
      kind: "membership-paused",
      dedupeKey: `membership-paused:${pause}`,
      data: { closesAt: pausedFrom.toISOString(), chargeAt, priceLabel },
    },
  ];
  if (resumesAt.getTime() - at.getTime() <= REMINDER_DAYS * DAY_MS) {
    notices.push({
      kind: "pause-ending",
      dedupeKey: `pause-ending:${pause}`,
      data: { chargeAt, priceLabel, cancelUrl: cancelLink },
    });
  }
  return notices;
}

function invoiceOf(subscription: Stripe.Subscription): Stripe.Invoice | null {
  const invoice = subscription.latest_invoice;
  return invoice && typeof invoice !== "string" ? invoice : null;
}
