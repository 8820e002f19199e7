import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { collectInvoice, subscriptionOf } from "../billing/collect";
import { cardOf } from "../billing/payment-methods";
import { findTestCard, notAuthenticated } from "../cards";
import { HttpRefusal, readBody, redirect, sendPage } from "../http";
import { formatMoney } from "../money";
import type { Invoice } from "../records";
import type { Running } from "../running";
import { authenticationPage, readAuthentication } from "./authentication";
import { alert, day, frame } from "./frame";
import type { Visit } from "./serve";

export function showInvoice(visit: Visit): void {
  sendPage(visit.response, invoicePage(visit.running, requireInvoice(visit), null));
}

/** Pays an open invoice with the card on file, whose bank may ask its holder first. A paid one stays as it is. */
export async function takeInvoice(visit: Visit): Promise<void> {
  await readBody(visit.request);
  const { running, response } = visit;
  const invoice = requireInvoice(visit);
  if (invoice.status === "open") {
    if (asksItsHolder(running, invoice)) return redirect(response, `/i/${invoice.id}/authenticate`);
    const failure = collectInvoice(running.sandbox, invoice, { holderPresent: true });
    await running.webhooks.settled();
    if (failure) return sendPage(response, invoicePage(running, invoice, failure.message), 422);
  }
  redirect(response, `/i/${invoice.id}`);
}

function asksItsHolder({ sandbox }: Running, invoice: Invoice): boolean {
  const method = cardOf(sandbox, subscriptionOf(sandbox, invoice));
  return findTestCard((method && sandbox.state.cardNumbers.get(method.id)) ?? "")?.charging === "asks";
}

export function showInvoiceAuthentication(visit: Visit): void {
  const invoice = requireInvoice(visit);
  if (invoice.status === "open") sendPage(visit.response, authenticationPage());
  else redirect(visit.response, `/i/${invoice.id}`);
}

/** Pays when the card's holder said yes; a no leaves the invoice open. */
export async function takeInvoiceAuthentication(visit: Visit): Promise<void> {
  const passed = await readAuthentication(visit);
  const { running, response } = visit;
  const invoice = requireInvoice(visit);
  if (invoice.status !== "open") return redirect(response, `/i/${invoice.id}`);
  const failure = passed
    ? collectInvoice(running.sandbox, invoice, { holderPresent: true })
    : notAuthenticated;
  running.storage.changed();
  await running.webhooks.settled();
  if (failure) return sendPage(response, invoicePage(running, invoice, failure.message), 422);
  redirect(response, `/i/${invoice.id}`);
}

function requireInvoice({ running, id }: Visit): Invoice {
  const invoice = running.sandbox.state.invoices.get(id);
  if (!invoice || invoice.number === null) throw new HttpRefusal(404, "There is no such invoice.");
  return invoice;
}

function invoicePage({ sandbox }: Running, invoice: Invoice, problem: string | null): Markup {
  const card = cardOf(sandbox, subscriptionOf(sandbox, invoice))?.card;
  const total = formatMoney(invoice.total, invoice.currency);
  return frame(
    `Invoice ${invoice.number}`,
    markup`<h1>Invoice ${invoice.number}</h1>
<p class="price">${total}</p>
${alert(problem)}
<div class="card"><dl>
<dt>For</dt><dd>${invoice.customer_email ?? invoice.customer}</dd>
<dt>Date</dt><dd>${day(invoice.created)}</dd>
<dt>Status</dt><dd>${invoice.status ?? ""}</dd>
${invoice.lines.data.map(
  (line) => markup`<dt>${line.description ?? ""}</dt>
<dd>${formatMoney(line.amount, line.currency)}, ${day(line.period.start)} to ${day(line.period.end)}</dd>`,
)}
</dl>
${
  invoice.status === "open" &&
  markup`<form method="post" action="/i/${invoice.id}"><button class="main">Pay ${total}${card ? ` with the card ending in ${card.last4}` : ""}</button></form>`
}
</div>`,
  );
}
