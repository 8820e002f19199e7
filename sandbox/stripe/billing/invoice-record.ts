import { HOUR } from "../calendar";
import { newId } from "../ids";
import { formatInterval, formatMoney } from "../money";
import type { Invoice, InvoiceLine, Subscription, SubscriptionItem } from "../records";
import { requireCustomer } from "../resources/find";
import type { Sandbox } from "../sandbox";
import { blankInvoice } from "./blank-invoice";
import { takeDiscounts } from "./discounts";

export interface Bill {
  reason: "subscription_create" | "subscription_cycle" | "subscription_update";
  /** A trial's invoice is for nothing. */
  isTrial: boolean;
  /** What the invoice looks back on; its lines are paid ahead. */
  lookedBack: { start: number; end: number };
  /** Whether it bills only what was put aside, and no period. */
  onlyPending?: boolean;
}

export function soleItem(subscription: Subscription): SubscriptionItem {
  const item = subscription.items.data[0];
  if (!item) throw new Error(`${subscription.id} has no item.`);
  return item;
}

/** A draft that finalizes by itself in an hour. It is recorded, and announced to nobody yet. */
export function draftInvoice(
  sandbox: Sandbox,
  subscription: Subscription,
  item: SubscriptionItem,
  bill: Bill,
): Invoice {
  const { state, clock } = sandbox;
  const customer = requireCustomer(state, subscription.customer);
  const id = newId("in");
  const full = bill.isTrial || bill.onlyPending ? 0 : item.price.unit_amount * item.quantity;
  const line = lineOf(sandbox, id, item, full, subscription.metadata);
  const discounts = takeDiscounts(sandbox, subscription, full);
  line.discount_amounts = discounts;
  line.discounts = discounts.map(({ discount }) => discount);
  const lines = [...pendingLines(sandbox, id, item), ...(bill.onlyPending ? [] : [line])];
  const subtotal = sum(lines.map(({ amount }) => amount));
  const total = subtotal - sum(discounts.map(({ amount }) => amount));
  // Credit of the customer pays first, and a total below nothing becomes credit.
  const due = Math.max(0, total + customer.balance);
  const created = clock.seconds();
  const invoice: Invoice = {
    ...blankInvoice(customer),
    id,
    amount_due: due,
    amount_remaining: due,
    automatically_finalizes_at: created + HOUR,
    billing_reason: bill.reason,
    created,
    currency: line.currency,
    discounts: line.discounts,
    lines: { object: "list", data: lines, has_more: false, url: `/v1/invoices/${id}/lines` },
    next_payment_attempt: created + HOUR,
    parent: {
      type: "subscription_details",
      quote_details: null,
      subscription_details: { subscription: subscription.id, metadata: { ...subscription.metadata } },
    },
    period_end: bill.lookedBack.end,
    period_start: bill.lookedBack.start,
    starting_balance: customer.balance,
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_discount_amounts: discounts,
    total_excluding_tax: total,
  };
  state.invoices.set(id, invoice);
  return invoice;
}

/** What a change of price in the middle of a period put aside; each invoice takes it once. */
function pendingLines({ state }: Sandbox, invoice: string, item: SubscriptionItem): InvoiceLine[] {
  const progress = state.progress.get(item.subscription);
  const pending = progress?.pending ?? [];
  if (progress) progress.pending = [];
  return pending.map(({ amount, description, period }) => {
    const line = lineOf({ state }, invoice, item, amount, {});
    if (line.parent?.subscription_item_details) line.parent.subscription_item_details.proration = true;
    return { ...line, description, period };
  });
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function lineOf(
  { state }: Pick<Sandbox, "state">,
  invoice: string,
  item: SubscriptionItem,
  amount: number,
  metadata: Record<string, string>,
): InvoiceLine {
  const { price, quantity, subscription } = item;
  const isTrial = amount === 0 && price.unit_amount > 0;
  const name = state.products.get(price.product)?.name ?? price.product;
  return {
    id: newId("il"),
    object: "line_item",
    amount,
    currency: price.currency,
    description: isTrial ? `Trial period for ${name}` : `${quantity} × ${name} (${priceWords(item)})`,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    metadata: { ...metadata },
    parent: {
      type: "subscription_item_details",
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription,
        subscription_item: item.id,
      },
    },
    period: { start: item.current_period_start, end: item.current_period_end },
    pretax_credit_amounts: [],
    pricing: {
      type: "price_details",
      price_details: { price: price.id, product: price.product },
      unit_amount_decimal: isTrial ? "0" : price.unit_amount_decimal,
    },
    quantity,
    quantity_decimal: String(quantity),
    subscription,
    subtotal: amount,
    taxes: [],
  };
}

function priceWords({ price }: SubscriptionItem): string {
  return `at ${formatMoney(price.unit_amount, price.currency)} / ${formatInterval(price.recurring)}`;
}
