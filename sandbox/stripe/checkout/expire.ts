import type { CheckoutSession } from "../records";
import type { Sandbox } from "../sandbox";

/** Closes an open session for good. */
export function expireSession({ state, events }: Sandbox, session: CheckoutSession): void {
  const order = state.checkoutOrders.get(session.id);
  if (order) order.waitingCard = null;
  Object.assign(session, { status: "expired", url: null } satisfies Partial<CheckoutSession>);
  events.emit("checkout.session.expired", session);
}
