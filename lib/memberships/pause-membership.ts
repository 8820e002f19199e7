/**
 * Pauses a monthly membership for some months, and takes the pause back. Stripe does the pausing and resumes by itself, so
 * nothing here has to happen in time. What is paid stays open to its end; the months after it are neither charged nor
 * open. Taken back early, it goes on unchanged while the paid time runs; after that, a new month is charged and begins
 * at once. Both may run twice.
 */
import { DateTime } from "luxon";
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { askStripe } from "./ask-stripe";
import { followUp } from "./handle-stripe-event";
import { idOf } from "./money-back";
import { type PauseMonths, whyNoPause } from "./pause-words";
import { getMembership } from "./queries";
import { isPeriodPaid } from "./read-pause";

type Services = { now: Date; publicUrl: string };

/** Before the charge that is the first again, so that Stripe does not set that one aside as well. */
const BEFORE_CHARGE_MS = 60 * 60 * 1_000;

/** Throws CONFLICT with the reason where there is nothing to pause, UNAVAILABLE when Stripe does not answer. */
export async function pauseMembership(
  db: Database,
  stripe: Stripe,
  { subscriberId, months }: { subscriberId: string; months: PauseMonths },
  services: Services,
): Promise<void> {
  const id = await requireSubscription(db, subscriberId);
  await askStripe(async () => {
    const before = await stripe.subscriptions.retrieve(id);
    await catchUp(db, stripe, before, services);
    const membership = await getMembership(db, subscriberId);
    if (membership?.pausedFrom) return;
    const refusal = whyNoPause(membership);
    if (refusal !== null) throw new DomainError("CONFLICT", refusal);
    const subscription = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] });
    if (!isPeriodPaid(subscription))
      throw new DomainError("CONFLICT", "A charge is on its way. Please try again in an hour or two.");
    const resumes = chargeAfter(subscription, months).getTime() - BEFORE_CHARGE_MS;
    await stripe.subscriptions.update(id, {
      pause_collection: { behavior: "void", resumes_at: Math.floor(resumes / 1_000) },
      // Tells one pause from the next, for the mail about it.
      metadata: { pausedAt: services.now.toISOString() },
    });
    await catchUp(db, stripe, subscription, services);
  });
  log.info({ event: "memberships.paused", subscriberId, months });
}

/** True where that charged a new month. Throws CONFLICT where nothing is paused, UNAVAILABLE as above. */
export async function resumeMembership(
  db: Database,
  stripe: Stripe,
  subscriberId: string,
  services: Services,
): Promise<boolean> {
  const id = await requireSubscription(db, subscriberId);
  const charged = await askStripe(async () => {
    const subscription = await stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] });
    const charges = subscription.pause_collection !== null && isUnpaidPeriod(subscription);
    if (subscription.pause_collection !== null) {
      const invoice = subscription.latest_invoice;
      await stripe.subscriptions.update(
        id,
        charges
          ? { pause_collection: "", billing_cycle_anchor: { type: "now" }, proration_behavior: "none" }
          : { pause_collection: "" },
        // Two presses at once make one charge.
        {
          idempotencyKey: `resume:${id}:${invoice && idOf(invoice)}:${subscription.metadata.pausedAt ?? ""}`,
        },
      );
    }
    await catchUp(db, stripe, subscription, services);
    return charges;
  });
  log.info({ event: "memberships.resumed", subscriberId, charged });
  return charged;
}

/** A draft is charged by itself once the pause is over. */
function isUnpaidPeriod({ latest_invoice: invoice }: Stripe.Subscription): boolean {
  if (invoice === null || typeof invoice === "string") return false;
  return invoice.status === "void" || invoice.status === "uncollectible";
}

async function requireSubscription(db: Database, subscriberId: string): Promise<string> {
  const membership = await getMembership(db, subscriberId);
  if (membership?.stripeSubscriptionId) return membership.stripeSubscriptionId;
  throw new DomainError("CONFLICT", "There is no paid membership to pause.");
}

async function catchUp(
  db: Database,
  stripe: Stripe,
  { customer }: Stripe.Subscription,
  services: Services,
): Promise<void> {
  await followUp(db, stripe, idOf(customer), { ...services, cause: { kind: "READER" } });
}

/** The charge after `months` that are left out; months are counted as Stripe does, from the day that anchors them. */
export function chargeAfter(
  { billing_cycle_anchor, items }: Pick<Stripe.Subscription, "billing_cycle_anchor" | "items">,
  months: number,
): Date {
  const end = items.data[0]?.current_period_end ?? billing_cycle_anchor;
  const [anchor, next] = [billing_cycle_anchor, end].map((at) =>
    DateTime.fromSeconds(at, { zone: "utc" }),
  ) as [DateTime, DateTime];
  const passed = Math.round(next.diff(anchor, "months").months);
  const fits = anchor.plus({ months: passed }).toSeconds() === end;
  return (fits ? anchor.plus({ months: passed + months }) : next.plus({ months })).toJSDate();
}
