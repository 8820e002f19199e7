import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { isOver, setCancelAtPeriodEnd } from "../billing/cancel";
import { soleItem } from "../billing/invoice-record";
import { cardOf } from "../billing/payment-methods";
import { type CardUpdate, updateCard } from "../billing/update-card";
import { brandName } from "../cards";
import { HttpRefusal, readBody, redirect, sendPage } from "../http";
import { formatInterval, formatMoney } from "../money";
import type { Customer, Invoice, PortalSession, Subscription } from "../records";
import { requireCustomer } from "../resources/find";
import type { Running } from "../running";
import { authenticationPage, readAuthentication } from "./authentication";
import { type CardForm, cardFields, cardFormOf, helpfulCard, readCard, testCardTable } from "./card-fields";
import { alert, day, frame, table } from "./frame";
import { switchForms, switchPrice } from "./portal-switch";
import type { Visit } from "./serve";

const OPEN_HOURS = 24;

export function showPortal(visit: Visit): void {
  const { session, customer } = requirePortal(visit);
  sendPage(visit.response, portalPage(visit.running, session, customer, helpfulCard, null));
}

/** `action` is cancel, keep, switch, or card; each may be repeated. */
export async function takePortal(visit: Visit): Promise<void> {
  const fields = new URLSearchParams(await readBody(visit.request));
  const { session, customer } = requirePortal(visit);
  const { running, response } = visit;
  const action = fields.get("action");
  if (action === "card") {
    const form = cardFormOf(fields);
    const entry = readCard(form, running.sandbox.clock.now());
    const update: CardUpdate =
      "problem" in entry
        ? { step: "refused", problem: entry.problem }
        : updateCard(running.sandbox, customer, entry);
    if (update.step === "authenticate" && !("problem" in entry)) {
      running.sandbox.state.waitingCards.set(session.id, entry);
      return redirect(response, `/p/session/${session.id}/authenticate`);
    }
    if (update.step === "refused") {
      return sendPage(response, portalPage(running, session, customer, form, update.problem), 422);
    }
  } else {
    const subscription = running.sandbox.state.subscriptions.get(fields.get("subscription") ?? "");
    const price = fields.get("price") ?? "";
    if (subscription?.customer !== customer.id || !actOn(running, session, subscription, { action, price })) {
      throw new HttpRefusal(400, "There is no such thing to do here. Go back and load the page again.");
    }
  }
  await running.webhooks.settled();
  redirect(response, `/p/session/${session.id}`);
}

/** False for an action that there is none of. */
function actOn(
  { sandbox }: Running,
  session: PortalSession,
  subscription: Subscription,
  { action, price }: { action: string | null; price: string },
): boolean {
  if (action === "switch")
    return soleItem(subscription).price.id === price || switchPrice(sandbox, session, subscription, price);
  if (action !== "cancel" && action !== "keep") return false;
  if (!isOver(subscription)) setCancelAtPeriodEnd(sandbox, subscription, action === "cancel");
  return true;
}

export function showCardAuthentication(visit: Visit): void {
  const { session } = requirePortal(visit);
  if (visit.running.sandbox.state.waitingCards.has(session.id))
    sendPage(visit.response, authenticationPage());
  else redirect(visit.response, `/p/session/${session.id}`);
}

/** Uses the waiting card, or drops it. Without one it leads back. */
export async function takeCardAuthentication(visit: Visit): Promise<void> {
  const passed = await readAuthentication(visit);
  const { session, customer } = requirePortal(visit);
  const { running, response } = visit;
  const entry = running.sandbox.state.waitingCards.get(session.id);
  running.sandbox.state.waitingCards.delete(session.id);
  const update = entry && updateCard(running.sandbox, customer, entry, passed ? "passed" : "failed");
  running.storage.changed();
  await running.webhooks.settled();
  if (update?.step === "refused") {
    return sendPage(response, portalPage(running, session, customer, helpfulCard, update.problem), 422);
  }
  redirect(response, `/p/session/${session.id}`);
}

function requirePortal({ running: { sandbox }, id }: Visit): { session: PortalSession; customer: Customer } {
  const session = sandbox.state.portalSessions.get(id);
  if (!session) throw new HttpRefusal(404, "There is no such portal page. Go back and open it again.");
  if (sandbox.clock.seconds() > session.created + OPEN_HOURS * 3_600) {
    throw new HttpRefusal(410, "This portal page has expired. Go back and open it again.");
  }
  return { session, customer: requireCustomer(sandbox.state, session.customer) };
}

function portalPage(
  running: Running,
  session: PortalSession,
  customer: Customer,
  form: CardForm,
  problem: string | null,
): Markup {
  const { state } = running.sandbox;
  const own = [...state.subscriptions.values()]
    .filter(({ customer: owner }) => owner === customer.id)
    .reverse();
  const invoices = [...state.invoices.values()]
    .filter(({ customer: owner }) => owner === customer.id)
    .reverse();
  return frame(
    "Your subscription",
    markup`${session.return_url !== null && markup`<p><a href="${session.return_url}">Return</a></p>`}
<h1>Your subscription</h1>
<p class="soft">${customer.email ?? customer.id}</p>
${alert(problem)}
${own.length === 0 ? markup`<p>You have no subscription.</p>` : own.map((subscription) => planCard(running, session, subscription))}
<h2>Change card</h2>
<details${problem !== null && markup` open`}><summary>Enter another card</summary>
<form method="post" action="/p/session/${session.id}" class="card" novalidate>
${cardFields(form)}
<button class="main" name="action" value="card">Use this card</button>
</form>
${testCardTable()}</details>
<h2>Invoices</h2>
${invoices.length === 0 ? markup`<p class="soft">None yet.</p>` : invoiceTable(invoices)}`,
  );
}

function planCard(running: Running, session: PortalSession, subscription: Subscription): Markup {
  const { sandbox } = running;
  const { price, quantity } = soleItem(subscription);
  const card = cardOf(sandbox, subscription)?.card;
  const amount = formatMoney(price.unit_amount * quantity, price.currency);
  return markup`<section class="card" aria-label="Plan">
<dl>
<dt>Plan</dt><dd>${sandbox.state.products.get(price.product)?.name ?? price.product}, ${amount} per ${formatInterval(price.recurring)}</dd>
<dt>Status</dt><dd>${statusWords(subscription)}</dd>
${nextCharge(subscription, amount)}
<dt>Card</dt><dd>${card ? `${brandName(card.brand)} ending in ${card.last4}, expires ${card.exp_month}/${card.exp_year}` : "none"}</dd>
</dl>
${switchForms(sandbox, session, subscription)}
${!isOver(subscription) && actionForm(session.id, subscription)}
</section>`;
}

function statusWords(subscription: Subscription): string {
  const words: Readonly<Record<string, string>> = {
    trialing: "in trial",
    active: "active",
    past_due: "payment failed, trying again",
    canceled: "canceled",
    paused: "paused until there is a card",
  };
  return words[subscription.status] ?? subscription.status;
}

function nextCharge(subscription: Subscription, amount: string): Markup | null {
  const { current_period_end: end } = soleItem(subscription);
  if (isOver(subscription)) return markup`<dt>Ended</dt><dd>${day(subscription.ended_at ?? end)}</dd>`;
  if (subscription.cancel_at_period_end)
    return markup`<dt>Ends</dt><dd>${day(end)}, with no further charge</dd>`;
  return markup`<dt>Next charge</dt><dd>${amount} on ${day(end)}</dd>`;
}

function actionForm(session: string, subscription: Subscription): Markup {
  const keeps = subscription.cancel_at_period_end;
  return markup`<form method="post" action="/p/session/${session}">
<input type="hidden" name="subscription" value="${subscription.id}">
${
  keeps
    ? markup`<button class="main" name="action" value="keep">Keep the subscription</button>`
    : markup`<button class="main quiet" name="action" value="cancel">Cancel at the end of the period</button>`
}
</form>`;
}

function invoiceTable(invoices: Invoice[]): Markup {
  const rows = invoices.map(
    (
      invoice,
    ) => markup`<tr><td>${day(invoice.created)}</td><td>${formatMoney(invoice.total, invoice.currency)}</td>
<td>${invoice.status ?? ""}</td><td>${invoice.number === null ? "draft" : markup`<a href="/i/${invoice.id}">${invoice.number}</a>`}</td></tr>`,
  );
  return table("Invoices", ["Date", "Amount", "Status", "Invoice"], rows);
}
