import { expireSession } from "../checkout/expire";
import type { Due } from "../clock";
import type { Invoice, Subscription } from "../records";
import type { Sandbox } from "../sandbox";
import { isOver } from "./cancel";
import { collectInvoice } from "./collect";
import { soleItem } from "./invoice-record";
import { setPause } from "./pause-collection";
import { passDraftHour, passPeriodEnd } from "./periods";
import { TRIAL_REMINDER_BEFORE } from "./subscribe";

/** The earliest thing that time brings about next, read from the state alone; null when nothing is to come. */
export function findNextDue(sandbox: Sandbox): Due | null {
  let earliest: Due | null = null;
  for (const due of listDue(sandbox)) {
    if (due !== null && (earliest === null || due.at < earliest.at)) earliest = due;
  }
  return earliest;
}

function* listDue(sandbox: Sandbox): Generator<Due | null> {
  const { state } = sandbox;
  for (const subscription of state.subscriptions.values()) {
    if (isOver(subscription)) continue;
    yield trialReminder(sandbox, subscription);
    yield pauseEnd(sandbox, subscription);
    yield periodEnd(sandbox, subscription);
  }
  for (const invoice of state.invoices.values()) yield invoiceStep(sandbox, invoice);
  for (const session of state.checkoutSessions.values()) {
    if (session.status === "open")
      yield { at: session.expires_at, run: () => expireSession(sandbox, session) };
  }
}

function trialReminder({ state, events }: Sandbox, subscription: Subscription): Due | null {
  const progress = state.progress.get(subscription.id);
  if (subscription.status !== "trialing" || subscription.trial_end === null) return null;
  if (!progress || progress.trialReminderSent) return null;
  const run = () => {
    progress.trialReminderSent = true;
    events.emit("customer.subscription.trial_will_end", subscription);
  };
  // A trial that is shorter than the notice is told of as it begins.
  return { at: Math.max(subscription.trial_end - TRIAL_REMINDER_BEFORE, subscription.trial_start ?? 0), run };
}

function pauseEnd(sandbox: Sandbox, subscription: Subscription): Due | null {
  const at = subscription.pause_collection?.resumes_at ?? null;
  return at === null ? null : { at, run: () => setPause(sandbox, subscription, null) };
}

function periodEnd(sandbox: Sandbox, subscription: Subscription): Due | null {
  if (subscription.status === "paused" || subscription.status === "incomplete") return null;
  return { at: soleItem(subscription).current_period_end, run: () => passPeriodEnd(sandbox, subscription) };
}

function invoiceStep(sandbox: Sandbox, invoice: Invoice): Due | null {
  if (invoice.auto_advance !== true) return null;
  if (invoice.status === "draft" && invoice.automatically_finalizes_at) {
    return { at: invoice.automatically_finalizes_at, run: () => passDraftHour(sandbox, invoice) };
  }
  if (invoice.status === "open" && invoice.next_payment_attempt) {
    const run = () => void collectInvoice(sandbox, invoice, { holderPresent: false });
    return { at: invoice.next_payment_attempt, run };
  }
  return null;
}
