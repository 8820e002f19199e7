import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { ApiError } from "../api/errors";
import { closeDispute, openDispute } from "../billing/disputes";
import { addIntervals, DAY, HOUR } from "../calendar";
import { reset } from "../control";
import { HttpRefusal, readBody, redirect, sendPage } from "../http";
import { requireRow } from "../resources/find";
import { createRefund } from "../resources/refunds";
import type { Running } from "../running";
import { ClockRefusal } from "../timeline";
import { testCardTable } from "./card-fields";
import { dashboardLists } from "./dashboard-lists";
import { SwitchRefusal, setSwitch, switches } from "./dashboard-switches";
import { addressOf, readView, type View } from "./dashboard-view";
import { alert, frame, moment } from "./frame";
import type { Visit } from "./serve";

const STEPS: Readonly<Record<string, { label: string; seconds: number }>> = {
  hour: { label: "+1 hour", seconds: HOUR },
  day: { label: "+1 day", seconds: DAY },
  days3: { label: "+3 days", seconds: 3 * DAY },
  days7: { label: "+7 days", seconds: 7 * DAY },
};

const PAYMENT_ACTS = ["refund", "dispute", "won", "lost"];
const SWITCHES = ["fault", "endFaults", "chaos", "endChaos"];

export function showDashboard({ running, response, query }: Visit): void {
  sendPage(response, dashboardPage(running, readView(query), null));
}

/**
 * `action` moves the clock (hour, day, days3, days7, month, to), sends an event again, refunds a payment, opens or decides a
 * dispute, sets a switch, or resets. Leads back to what was looked at.
 */
export async function takeDashboard({ running, request, response, query }: Visit): Promise<void> {
  const fields = new URLSearchParams(await readBody(request));
  const view = readView(query);
  try {
    await act(running, fields);
  } catch (error) {
    const isRefusal =
      error instanceof ClockRefusal || error instanceof SwitchRefusal || error instanceof ApiError;
    if (!isRefusal) throw error;
    return sendPage(response, dashboardPage(running, view, error.message), 422);
  }
  redirect(response, addressOf(view));
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
  if (PAYMENT_ACTS.includes(action)) return actOnPayment(running, action, fields);
  if (SWITCHES.includes(action)) return setSwitch(running, action, fields);
  if (action === "reset") return reset(running);
  throw new HttpRefusal(400, "There is no such thing to do here.");
}

async function actOnPayment(
  { sandbox, storage, webhooks }: Running,
  action: string,
  fields: URLSearchParams,
): Promise<void> {
  const charge = fields.get("charge") ?? "";
  if (action === "refund") createRefund(sandbox, { charge });
  if (action === "dispute") openDispute(sandbox, requireRow(sandbox.state.charges, "charge", charge));
  if (action === "won" || action === "lost") closeDispute(sandbox, fields.get("dispute") ?? "", action);
  storage.changed();
  await webhooks.settled();
}

function dashboardPage(running: Running, view: View, problem: string | null): Markup {
  return frame(
    "Stripe sandbox",
    markup`<h1>Stripe sandbox</h1>
${alert(problem)}
${clock(running)}
${switches(running)}
<form class="together" role="search"><label class="hidden" for="find">Find by e-mail, name or id</label>
<input id="find" name="find" type="search" value="${view.find}" placeholder="Find by e-mail, name or id"><button class="quiet">Find</button>${view.find !== "" && markup`<a class="clear" href="/">Show all</a>`}</form>
${dashboardLists(running, view)}
<h2>Test cards</h2>${testCardTable()}
${programs()}
<form method="post"><button name="action" value="reset" class="quiet">Forget everything</button></form>`,
    "wide",
  );
}

function clock({ sandbox: { clock: time } }: Running): Markup {
  const steps = Object.entries(STEPS).map(
    ([value, { label }]) => markup`<button name="action" value="${value}">${label}</button>`,
  );
  return markup`<section class="card" aria-labelledby="clock"><h2 id="clock" class="first">Clock: ${moment(time.now())}</h2>
<p class="soft">Moving it charges, renews and ends what comes due on the way, in order, and waits for the webhooks.</p>
<div class="buttons">
<form method="post" class="buttons">${steps}
<button name="action" value="month">+1 month</button></form>
<form method="post" class="buttons"><div><label for="to">Move to (UTC)</label>
<input id="to" name="to" type="datetime-local" value="${new Date(time.now()).toISOString().slice(0, 16)}" required></div>
<button name="action" value="to" class="quiet">Move</button></form>
</div></section>`;
}

const CALLS: readonly (readonly [call: string, body: string])[] = [
  ["GET /_sandbox/state", ""],
  ["POST /_sandbox/clock/advance", '{"seconds": 3600} or {"to": "2026-01-31T08:00:00Z"}'],
  ["POST /_sandbox/faults", '{"trouble": "failing", "call": "POST /v1/refunds", "times": 2}'],
  ["DELETE /_sandbox/faults", ""],
  ["POST /_sandbox/chaos", '{"seed": 7, "duplicate": 0.2, "drop": 0.1, "reorder": 0.3}'],
  ["POST /_sandbox/disputes", '{"charge": "ch_…"}'],
  ["POST /_sandbox/disputes/close", '{"dispute": "du_…", "outcome": "won"}'],
  ["POST /_sandbox/reset", ""],
];

function programs(): Markup {
  const rows = CALLS.map(([call, body]) => markup`<li><code>${call}</code> <code>${body}</code></li>`);
  return markup`<h2>Programs</h2><ul class="calls">${rows}</ul>`;
}
