import { nextPeriodEnd } from "../calendar";
import type { Invoice, Subscription } from "../records";
import type { Sandbox } from "../sandbox";
import { cancelNow } from "./cancel";
import { collectInvoice, finalizeInvoice, subscriptionOf } from "./collect";
import { type Bill, draftInvoice, soleItem } from "./invoice-record";
import { setAside } from "./pause-collection";
import { cardOf } from "./payment-methods";

interface Period {
  end: number;
  reason: Bill["reason"];
  isTrial: boolean;
  /** What else changes in the subscription with it. */
  fields?: Partial<Subscription>;
}

/** Moves the subscription into the period that begins now, and bills it. The invoice is a draft. */
function beginPeriod(sandbox: Sandbox, subscription: Subscription, period: Period): Invoice {
  const { clock, events } = sandbox;
  const now = clock.seconds();
  const former = soleItem(subscription);
  const item = { ...former, current_period_start: now, current_period_end: period.end };
  const invoice = draftInvoice(sandbox, subscription, item, {
    reason: period.reason,
    isTrial: period.isTrial,
    lookedBack: { start: former.current_period_start, end: now },
  });
  events.change("customer.subscription.updated", subscription, {
    ...period.fields,
    items: { ...subscription.items, data: [item] },
    latest_invoice: invoice.id,
    status: period.isTrial ? "trialing" : subscription.status === "past_due" ? "past_due" : "active",
  });
  events.emit("invoice.created", invoice);
  return invoice;
}

function endAfter(subscription: Subscription, anchor: number, moment: number): number {
  const interval = soleItem(subscription).price.recurring ?? { interval: "month", interval_count: 1 };
  return nextPeriodEnd(anchor, interval, moment);
}

/** What happens at the end of a trial or of a paid period: it ends, waits for a card, or goes on and is billed. */
export function passPeriodEnd(sandbox: Sandbox, subscription: Subscription): void {
  const { clock, events } = sandbox;
  const waits = subscription.status === "trialing" && cardOf(sandbox, subscription) === null;
  const whenNoCard = waits ? subscription.trial_settings?.end_behavior.missing_payment_method : undefined;
  if (subscription.cancel_at_period_end || whenNoCard === "cancel") {
    cancelNow(sandbox, subscription, {});
    return;
  }
  if (whenNoCard === "pause") {
    subscription.status = "paused";
    events.emit("customer.subscription.paused", subscription, { status: "trialing" });
    return;
  }
  const end = endAfter(subscription, subscription.billing_cycle_anchor, clock.seconds());
  beginPeriod(sandbox, subscription, { end, reason: "subscription_cycle", isTrial: false });
}

/** Ends the trial now: a paid period begins, counted from now, and is charged at once. */
export function endTrialNow(sandbox: Sandbox, subscription: Subscription): void {
  sandbox.events.emit("customer.subscription.trial_will_end", subscription);
  chargeFromNow(sandbox, subscription, { trial_end: sandbox.clock.seconds() });
}

/** Takes up a paused subscription, and charges for it from now on. */
export function resumePaused(sandbox: Sandbox, subscription: Subscription): void {
  chargeFromNow(sandbox, subscription, {});
  sandbox.events.emit("customer.subscription.resumed", subscription);
}

/** Begins a paid period today, and charges it. */
export function chargeFromNow(
  sandbox: Sandbox,
  subscription: Subscription,
  fields: Partial<Subscription>,
): void {
  const now = sandbox.clock.seconds();
  const invoice = beginPeriod(sandbox, subscription, {
    end: endAfter(subscription, now, now),
    reason: "subscription_update",
    isTrial: false,
    fields: { ...fields, billing_cycle_anchor: now },
  });
  finalizeInvoice(sandbox, invoice);
  collectInvoice(sandbox, invoice, { holderPresent: false });
}

/** Lets the trial end at another moment, or begins one in a paid subscription. Nothing is charged before it. */
export function moveTrialEnd(sandbox: Sandbox, subscription: Subscription, trialEnd: number): void {
  const { state, clock, events } = sandbox;
  state.progress.set(subscription.id, { trialReminderSent: false });
  const item = soleItem(subscription);
  if (subscription.status === "trialing") {
    const data = [{ ...item, current_period_end: trialEnd }];
    events.change("customer.subscription.updated", subscription, {
      billing_cycle_anchor: trialEnd,
      cancel_at: subscription.cancel_at_period_end ? trialEnd : subscription.cancel_at,
      items: { ...subscription.items, data },
      trial_end: trialEnd,
    });
    return;
  }
  const invoice = beginPeriod(sandbox, subscription, {
    end: trialEnd,
    reason: "subscription_update",
    isTrial: true,
    fields: { billing_cycle_anchor: trialEnd, trial_start: clock.seconds(), trial_end: trialEnd },
  });
  finalizeInvoice(sandbox, invoice);
  collectInvoice(sandbox, invoice, { holderPresent: false });
}

/** Finalizes a draft whose hour is over and charges it. */
export function passDraftHour(sandbox: Sandbox, invoice: Invoice): void {
  if (setAside(sandbox, subscriptionOf(sandbox, invoice), invoice)) return;
  finalizeInvoice(sandbox, invoice);
  collectInvoice(sandbox, invoice, { holderPresent: false });
}
