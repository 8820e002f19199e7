import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { soleItem } from "../billing/invoice-record";
import { addIntervals, DAY, HOUR } from "../calendar";
import { reset } from "../control";
import { HttpRefusal, readBody, redirect, sendPage } from "../http";
import { formatInterval, formatMoney } from "../money";
import { isDeleted } from "../resources/find";
import type { Running } from "../running";
import { ClockRefusal } from "../timeline";
import { testCardTable } from "./card-fields";
import { alert, frame, moment, table } from "./frame";
import type { Visit } from "./serve";

const SHOWN = 50;

const STEPS: Readonly<Record<string, { label: string; seconds: number }>> = {
  hour: { label: "+1 hour", seconds: HOUR },
  day: { label: "+1 day", seconds: DAY },
  days3: { label: "+3 days", seconds: 3 * DAY },
  days7: { label: "+7 days", seconds: 7 * DAY },
};

export function showDashboard({ running, response }: Visit): void {
  sendPage(response, dashboardPage(running, null));
}

/** `action` moves the clock (hour, day, days3, days7, month, to), sends an event again, or resets. */
export async function takeDashboard({ running, request, response }: Visit): Promise<void> {
  const fields = new URLSearchParams(await readBody(request));
  try {
    await act(running, fields);
  } catch (error) {
    if (!(error instanceof ClockRefusal)) throw error;
    return sendPage(response, dashboardPage(running, error.message), 422);
  }
  redirect(response, "/");
}

async function act(running: Running, fields: URLSearchParams): Promise<void> {
  const { timeline, sandbox, webhooks } = running;
  const action = fields.get("action") ?? "";
  const step = STEPS[action];
  if (step) return timeline.advance(step);
  if (action === "month") {
    const later = addIntervals(sandbox.clock.seconds(), { interval: "month", interval_count: 1 }, 1);
    return timeline.advance({ moment: new Date(later * 1_000) });
  }
  if (action === "to") {
    const wanted = new Date(`${fields.get("to")}Z`);
    if (Number.isNaN(wanted.getTime())) throw new ClockRefusal("Write a date and a time to move to.");
    return timeline.advance({ moment: wanted });
  }
  if (action === "resend") {
    const event = sandbox.state.events.get(fields.get("event") ?? "");
    if (!event) throw new HttpRefusal(404, "There is no such event.");
    return webhooks.resend(event);
  }
  if (action === "reset") return reset(running);
  throw new HttpRefusal(400, "There is no such thing to do here.");
}

function dashboardPage(running: Running, problem: string | null): Markup {
  const { clock } = running.sandbox;
  return frame(
    "Stripe sandbox",
    markup`<h1>Stripe sandbox</h1>
${alert(problem)}
<section class="card" aria-labelledby="clock"><h2 id="clock" style="margin-top:0">Clock: ${moment(clock.now())}</h2>
<p class="soft">Moving it charges, renews and ends what comes due on the way, in order, and waits for the webhooks.</p>
<div class="buttons">
<form method="post" class="buttons">${Object.entries(STEPS).map(([value, { label }]) => markup`<button name="action" value="${value}">${label}</button>`)}
<button name="action" value="month">+1 month</button></form>
<form method="post" class="buttons"><div><label for="to">Move to (UTC)</label>
<input id="to" name="to" type="datetime-local" value="${new Date(clock.now()).toISOString().slice(0, 16)}" required></div>
<button name="action" value="to" class="quiet">Move</button></form>
</div></section>
${customers(running)}${subscriptions(running)}${invoices(running)}${events(running)}
<h2>Test cards</h2>${testCardTable()}
<h2>Programs</h2>
<p><code>GET /_sandbox/state</code> · <code>POST /_sandbox/clock/advance</code> with <code>{"seconds": 3600}</code> or <code>{"to": "2026-01-31T08:00:00Z"}</code> · <code>POST /_sandbox/reset</code></p>
<form method="post"><button name="action" value="reset" class="quiet">Forget everything</button></form>`,
    "wide",
  );
}

function section(title: string, columns: string[], rows: Markup[]): Markup {
  const more = rows.length > SHOWN ? ` (newest ${SHOWN} of ${rows.length})` : ` (${rows.length})`;
  if (rows.length === 0) return markup`<h2>${title}</h2><p class="soft">None yet.</p>`;
  return markup`<h2>${title}${more}</h2>${table(title, columns, rows.slice(0, SHOWN))}`;
}

function customers({ sandbox: { state } }: Running): Markup {
  const rows = [...state.customers.values()]
    .reverse()
    .map((customer) =>
      isDeleted(customer)
        ? markup`<tr><td><code>${customer.id}</code></td><td colspan="3" class="soft">deleted</td></tr>`
        : markup`<tr><td><code>${customer.id}</code></td><td>${customer.email ?? "no e-mail"}</td><td>${customer.name ?? ""}</td><td>${moment(customer.created * 1_000)}</td></tr>`,
    );
  return section("Customers", ["Id", "E-mail", "Name", "Since"], rows);
}

function subscriptions({ sandbox: { state } }: Running): Markup {
  const rows = [...state.subscriptions.values()].reverse().map((subscription) => {
    const { price, quantity, current_period_end: end } = soleItem(subscription);
    const customer = state.customers.get(subscription.customer);
    const who = customer && !isDeleted(customer) ? (customer.email ?? customer.id) : subscription.customer;
    return markup`<tr><td><code>${subscription.id}</code></td><td>${who}</td>
<td>${formatMoney(price.unit_amount * quantity, price.currency)} / ${formatInterval(price.recurring)}</td>
<td class="${subscription.status === "past_due" || subscription.status === "canceled" ? "bad" : "good"}">${subscription.status}${subscription.cancel_at_period_end && subscription.status !== "canceled" && ", ends at period end"}</td>
<td>${moment(end * 1_000)}</td></tr>`;
  });
  return section("Subscriptions", ["Id", "Customer", "Price", "Status", "Period end"], rows);
}

function invoices({ sandbox: { state } }: Running): Markup {
  const rows = [...state.invoices.values()].reverse().map(
    (
      invoice,
    ) => markup`<tr><td>${invoice.number === null ? markup`<code>${invoice.id}</code>` : markup`<a href="/i/${invoice.id}">${invoice.number}</a>`}</td>
<td>${invoice.customer_email ?? invoice.customer}</td><td>${formatMoney(invoice.total, invoice.currency)}</td>
<td>${invoice.status ?? ""}</td><td>${invoice.attempt_count}</td>
<td>${invoice.next_payment_attempt ? moment(invoice.next_payment_attempt * 1_000) : ""}</td></tr>`,
  );
  return section("Invoices", ["Number", "Customer", "Total", "Status", "Tries", "Next try"], rows);
}

function events({ sandbox: { state } }: Running): Markup {
  const rows = [...state.events.values()].reverse().map((event) => {
    const delivery = state.deliveries.get(event.id);
    return markup`<tr><td>${moment(event.created * 1_000)}</td><td>${event.type}</td><td><code>${event.id}</code></td>
<td class="${delivery?.status === "delivered" ? "good" : "bad"}">${delivery?.status ?? "kept"}</td><td>${delivery?.tries ?? 0}</td><td>${delivery?.error ?? ""}</td>
<td>${delivery !== undefined && markup`<form method="post"><input type="hidden" name="event" value="${event.id}"><button name="action" value="resend" class="quiet small">Send</button></form>`}</td></tr>`;
  });
  return section("Events", ["Time", "Type", "Id", "Webhook", "Tries", "Last error", "Again"], rows);
}
