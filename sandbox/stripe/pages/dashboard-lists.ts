import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { soleItem } from "../billing/invoice-record";
import { TURNS } from "../chaos";
import { formatInterval, formatMoney } from "../money";
import type { Charge, Event } from "../records";
import { isDeleted } from "../resources/find";
import type { Running } from "../running";
import type { Delivery } from "../state";
import { listing, type View } from "./dashboard-view";
import { moment } from "./frame";

/** Customers, subscriptions, payments, invoices and events, as far as they have to do with whom the view looks for. */
export function dashboardLists(running: Running, view: View): Markup {
  const { state } = running.sandbox;
  const people = new Set(
    [...state.customers.values()].filter((one) => holds(one, view.find)).map(({ id }) => id),
  );
  // Who is found is found with all that is theirs.
  const concerns = (record: object): boolean =>
    view.find === "" || holds(record, view.find) || [...people].some((id) => holds(record, id.toLowerCase()));
  const newest = <T extends object>(table: Map<string, T>) => [...table.values()].reverse().filter(concerns);
  return markup`${customers(running, view, newest)}${subscriptions(running, view, newest)}
${payments(running, view, newest)}${invoices(running, view, newest)}${events(running, view, newest)}`;
}

type Newest = <T extends object>(table: Map<string, T>) => T[];

function holds(record: object, find: string): boolean {
  return find === "" || JSON.stringify(record).toLowerCase().includes(find);
}

function customers({ sandbox: { state } }: Running, view: View, newest: Newest): Markup {
  return listing(view, {
    name: "customers",
    title: "Customers",
    columns: ["Id", "E-mail", "Name", "Since"],
    rows: newest(state.customers),
    draw: (customer) =>
      isDeleted(customer)
        ? markup`<tr><td><code>${customer.id}</code></td><td colspan="3" class="soft">deleted</td></tr>`
        : markup`<tr><td><code>${customer.id}</code></td><td>${customer.email ?? "no e-mail"}</td><td>${customer.name ?? ""}</td><td>${moment(customer.created * 1_000)}</td></tr>`,
  });
}

function subscriptions({ sandbox: { state } }: Running, view: View, newest: Newest): Markup {
  const ended = new Set(["past_due", "canceled", "unpaid"]);
  return listing(view, {
    name: "subscriptions",
    title: "Subscriptions",
    columns: ["Id", "Customer", "Price", "Status", "Period end"],
    rows: newest(state.subscriptions),
    draw: (subscription) => {
      const { price, quantity, current_period_end: end } = soleItem(subscription);
      return markup`<tr><td><code>${subscription.id}</code></td><td>${whoIs(state.customers.get(subscription.customer), subscription.customer)}</td>
<td>${formatMoney(price.unit_amount * quantity, price.currency)} / ${formatInterval(price.recurring)}${subscription.discounts.length > 0 && ", discounted"}</td>
<td class="${ended.has(subscription.status) ? "bad" : "good"}">${subscription.status}${subscription.cancel_at_period_end && subscription.status !== "canceled" && ", ends at period end"}${subscription.pause_collection !== null && ", collection paused"}</td>
<td>${moment(end * 1_000)}</td></tr>`;
    },
  });
}

function whoIs(customer: { email?: string | null; id: string } | undefined, id: string | null): string {
  return customer?.email ?? id ?? "guest";
}

function payments({ sandbox: { state } }: Running, view: View, newest: Newest): Markup {
  const disputes = new Map([...state.disputes.values()].map((dispute) => [dispute.charge, dispute]));
  const act = (name: string, value: string, action: string, label: string) =>
    markup`<form method="post"><input type="hidden" name="${name}" value="${value}"><button name="action" value="${action}" class="quiet small">${label}</button></form>`;
  const next = (charge: Charge) => {
    const dispute = disputes.get(charge.id);
    if (!dispute) {
      const isOver = !charge.paid || charge.refunded;
      return (
        !isOver &&
        markup`<div class="buttons">${act("charge", charge.id, "refund", "Refund")}${act("charge", charge.id, "dispute", "Dispute")}</div>`
      );
    }
    if (dispute.status === "won" || dispute.status === "lost") return `dispute ${dispute.status}`;
    return markup`<div class="buttons">${act("dispute", dispute.id, "won", "Win dispute")}${act("dispute", dispute.id, "lost", "Lose dispute")}</div>`;
  };
  return listing(view, {
    name: "payments",
    title: "Payments",
    columns: ["Id", "From", "Amount", "Status", "Time", "Next"],
    rows: newest(state.charges),
    draw: (charge) => markup`<tr><td><code>${charge.id}</code></td>
<td>${whoIs(state.customers.get(charge.customer ?? ""), charge.billing_details.email ?? charge.customer)}</td>
<td>${formatMoney(charge.amount, charge.currency)}${charge.amount_refunded > 0 && `, ${formatMoney(charge.amount_refunded, charge.currency)} refunded`}</td>
<td class="${charge.paid ? "good" : "bad"}">${charge.paid ? "paid" : (charge.outcome?.reason ?? charge.failure_code ?? "failed")}</td>
<td>${moment(charge.created * 1_000)}</td><td>${next(charge)}</td></tr>`,
  });
}

function invoices({ sandbox: { state } }: Running, view: View, newest: Newest): Markup {
  return listing(view, {
    name: "invoices",
    title: "Invoices",
    columns: ["Number", "Customer", "Total", "Status", "Tries", "Next try"],
    rows: newest(state.invoices),
    draw: (invoice) =>
      markup`<tr><td>${invoice.number === null ? markup`<code>${invoice.id}</code>` : markup`<a href="/i/${invoice.id}">${invoice.number}</a>`}</td>
<td>${invoice.customer_email ?? invoice.customer}</td><td>${formatMoney(invoice.total, invoice.currency)}</td>
<td>${invoice.status ?? ""}</td><td>${invoice.attempt_count}</td>
<td>${invoice.next_payment_attempt ? moment(invoice.next_payment_attempt * 1_000) : ""}</td></tr>`,
  });
}

function events({ sandbox: { state } }: Running, view: View, newest: Newest): Markup {
  return listing(view, {
    name: "events",
    title: "Events",
    columns: ["Time", "Type", "Id", "Webhook", "Again"],
    rows: newest(state.events),
    draw: (event) => eventRow(event, state.deliveries.get(event.id)),
  });
}

function eventRow(event: Event, delivery: Delivery | undefined): Markup {
  return markup`<tr><td>${moment(event.created * 1_000)}</td><td>${event.type}</td><td><code>${event.id}</code></td>
<td>${delivery ? deliveryCell(delivery) : markup`<span class="soft">kept</span>`}</td>
<td>${delivery !== undefined && markup`<form method="post"><input type="hidden" name="event" value="${event.id}"><button name="action" value="resend" class="quiet small" aria-label="Send ${event.type} again">Send again</button></form>`}</td></tr>`;
}

/** What became of it, and every try with what the app answered. */
function deliveryCell({ status, tries, attempts = [], turns = [], error }: Delivery): Markup {
  const tone = status === "delivered" ? "good" : "bad";
  const summary = `${status}${tries > 1 ? `, ${tries} tries` : ""}${error === null ? "" : `: ${error}`}`;
  const chaos =
    turns.length > 0 &&
    markup`<p class="soft">Chaos: ${turns.map((turn) => TURNS[turn].toLowerCase()).join(", ")}</p>`;
  if (attempts.length === 0) return markup`<span class="${tone}">${summary}</span>${chaos}`;
  const lines = attempts.map(
    ({ at, httpStatus, error: reason, tookMs }) =>
      markup`<li>${new Date(at).toISOString().slice(11, 19)} UTC: ${reason ?? `answered ${httpStatus}`}, ${tookMs} ms</li>`,
  );
  return markup`<details class="tries"><summary class="${tone}">${summary}</summary><ol>${lines}</ol>${chaos}</details>`;
}
