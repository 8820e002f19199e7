import type { Subscription } from "../records";
import type { Sandbox } from "../sandbox";

type Details = Partial<Subscription["cancellation_details"]>;

/** Whether nothing can happen to it any more. */
export function isOver(subscription: Subscription): boolean {
  return subscription.status === "canceled" || subscription.status === "incomplete_expired";
}

/** Ends a subscription at once. Its unpaid invoices stay, and nobody charges them any more. */
export function cancelNow(
  { state, clock, events }: Sandbox,
  subscription: Subscription,
  details: Details,
): void {
  const now = clock.seconds();
  for (const invoice of state.invoices.values()) {
    const isOurs = invoice.parent.subscription_details.subscription === subscription.id;
    if (isOurs && (invoice.status === "draft" || invoice.status === "open")) {
      Object.assign(invoice, {
        auto_advance: false,
        automatically_finalizes_at: null,
        next_payment_attempt: null,
      });
    }
  }
  Object.assign(subscription, {
    canceled_at: subscription.canceled_at ?? now,
    cancellation_details: { ...subscription.cancellation_details, ...details },
    ended_at: now,
    status: "canceled",
  } satisfies Partial<Subscription>);
  events.emit("customer.subscription.deleted", subscription);
}

/** Lets a subscription run out at the end of what is paid, or takes that back. Either may be repeated. */
export function setCancelAtPeriodEnd(
  { clock, events }: Sandbox,
  subscription: Subscription,
  cancels: boolean,
  details: Details = {},
): void {
  const changes = cancels !== subscription.cancel_at_period_end;
  const cleared = { comment: null, feedback: null, feedback_option: null, reason: null };
  events.change("customer.subscription.updated", subscription, {
    cancel_at_period_end: cancels,
    cancel_at: cancels ? (subscription.items.data[0]?.current_period_end ?? null) : null,
    canceled_at: cancels ? (changes ? clock.seconds() : subscription.canceled_at) : null,
    cancellation_details: cancels
      ? { ...subscription.cancellation_details, reason: "cancellation_requested", ...details }
      : { ...cleared, ...details },
  });
}
