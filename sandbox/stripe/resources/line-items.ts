import type { LineItem } from "../records";
import type { State } from "../state";

/** What a checkout session sells, with the amounts that are due today. */
export function lineItemsOf(state: State, sessionId: string): LineItem[] {
  const order = state.checkoutOrders.get(sessionId);
  const price = order && state.prices.get(order.price);
  const session = state.checkoutSessions.get(sessionId);
  if (!order || !price || !session) return [];
  return [
    {
      id: `li_${sessionId.slice(-14)}`,
      object: "item",
      adjustable_quantity: null,
      amount_discount: session.total_details?.amount_discount ?? 0,
      amount_subtotal: session.amount_subtotal ?? 0,
      amount_tax: 0,
      amount_total: session.amount_total ?? 0,
      currency: price.currency,
      description: state.products.get(price.product)?.name ?? price.product,
      metadata: {},
      price: structuredClone(price),
      quantity: order.quantity,
    },
  ];
}
