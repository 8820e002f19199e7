import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { trialEndOf } from "../billing/subscribe";
import { nextPeriodEnd } from "../calendar";
import {
  asksForCard,
  type Outcome,
  passAuthentication,
  payCheckout,
  requireOrder,
} from "../checkout/complete";
import { applyCode } from "../checkout/order";
import { HttpRefusal, readBody, redirect, sendPage } from "../http";
import { formatInterval, formatMoney } from "../money";
import type { CheckoutSession, Price } from "../records";
import type { Running } from "../running";
import type { CheckoutOrder } from "../state";
import { authenticationPage, readAuthentication } from "./authentication";
import { type CardForm, cardFields, cardFormOf, helpfulCard, readCard, testCardTable } from "./card-fields";
import { alert, day, frame, problemPage } from "./frame";
import type { Visit } from "./serve";

/** As at Stripe, people wait this long at most for the app to hear of their payment. */
const WAIT_FOR_WEBHOOKS_MS = 10_000;

interface Form {
  email: string;
  code: string;
  card: CardForm;
}

export function showCheckout({ running, response, id }: Visit): void {
  const session = openSession(running, id);
  if (session === null) {
    sendClosed(running, id, response);
    return;
  }
  const card = { ...helpfulCard, name: session.customer_details?.name ?? helpfulCard.name };
  const email = session.customer_details?.email ?? session.customer_email ?? "";
  sendPage(response, checkoutPage(running, session, { email, code: codeOf(running, session), card }, null));
}

export async function answerCheckout({ running, request, response, id }: Visit): Promise<void> {
  const fields = new URLSearchParams(await readBody(request));
  const session = openSession(running, id);
  if (session === null) return sendClosed(running, id, response);
  const form: Form = {
    email: session.customer_details?.email ?? session.customer_email ?? (fields.get("email") ?? "").trim(),
    code: (fields.get("code") ?? "").trim().slice(0, 200),
    card: cardFormOf(fields),
  };
  const refuse = (problem: string) => sendPage(response, checkoutPage(running, session, form, problem), 422);
  if (session.allow_promotion_codes && form.code !== codeOf(running, session)) {
    const refusal = applyCode(running.sandbox, session, requireOrder(running.sandbox, session), form.code);
    if (refusal !== null) return refuse(refusal);
  }
  if (fields.get("action") === "apply") {
    return sendPage(response, checkoutPage(running, session, form, null));
  }
  if (!/^[^\s@]+@[^\s@]+$/.test(form.email)) return refuse("Write your e-mail address.");
  const card = asksForCard(session) ? readCard(form.card, running.sandbox.clock.now()) : null;
  if (card !== null && "problem" in card) return refuse(card.problem);
  const outcome = payCheckout(running.sandbox, session, { email: form.email, card });
  if (outcome.step === "refused") return refuse(outcome.failure.message);
  await leadOn(running, session, outcome, response);
}

export function showAuthentication({ running, response, id }: Visit): void {
  const session = openSession(running, id);
  if (session === null || requireOrder(running.sandbox, session).waitingCard === null) {
    redirect(response, `/c/pay/${id}`);
    return;
  }
  sendPage(response, authenticationPage());
}

export async function takeAuthentication(visit: Visit): Promise<void> {
  const { running, response, id } = visit;
  const passed = await readAuthentication(visit);
  const session = openSession(running, id);
  if (session === null) return sendClosed(running, id, response);
  const email = requireOrder(running.sandbox, session).waitingCard?.email ?? "";
  const outcome = passAuthentication(running.sandbox, session, passed);
  if (outcome === null) return redirect(response, `/c/pay/${id}`);
  if (outcome.step === "refused") {
    const page = checkoutPage(
      running,
      session,
      { email, code: codeOf(running, session), card: helpfulCard },
      outcome.failure.message,
    );
    return sendPage(response, page, 422);
  }
  await leadOn(running, session, outcome, response);
}

/** The promotion code that the session stands under, as people type it. */
function codeOf({ sandbox }: Running, session: CheckoutSession): string {
  const id = requireOrder(sandbox, session).discount?.promotionCode;
  return (id && sandbox.state.promotionCodes.get(id)?.code) || "";
}

async function leadOn(
  { webhooks }: Running,
  session: CheckoutSession,
  outcome: Outcome,
  response: Visit["response"],
): Promise<void> {
  if (outcome.step === "authenticate") return redirect(response, `/c/pay/${session.id}/authenticate`);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((over) => {
    timer = setTimeout(over, WAIT_FOR_WEBHOOKS_MS);
  });
  await Promise.race([webhooks.settled(), patience]);
  clearTimeout(timer);
  redirect(response, (session.success_url ?? "/").replaceAll("{CHECKOUT_SESSION_ID}", session.id));
}

/** The session when it can still be paid, else null; throws HttpRefusal when there is none. */
function openSession({ sandbox: { state, clock } }: Running, id: string): CheckoutSession | null {
  const session = state.checkoutSessions.get(id);
  if (!session)
    throw new HttpRefusal(404, "There is no such checkout. It may belong to another run of the sandbox.");
  return session.status === "open" && session.expires_at > clock.seconds() ? session : null;
}

function sendClosed({ sandbox }: Running, id: string, response: Visit["response"]): void {
  const session = sandbox.state.checkoutSessions.get(id);
  const back = session?.cancel_url ? { href: session.cancel_url, label: "Back" } : undefined;
  const page =
    session?.status === "complete"
      ? problemPage(
          "This checkout is complete",
          "You have paid already. There is nothing more to do here.",
          back,
        )
      : problemPage("This checkout has expired", "Go back and start again. Nothing was charged.", back);
  sendPage(response, page, 410);
}

function checkoutPage(
  running: Running,
  session: CheckoutSession,
  form: Form,
  problem: string | null,
): Markup {
  const { state } = running.sandbox;
  const order = requireOrder(running.sandbox, session);
  const price = state.prices.get(order.price);
  if (!price) throw new HttpRefusal(404, "The price of this checkout is gone.");
  const name = state.products.get(price.product)?.name ?? price.product;
  const known = session.customer_details?.email ?? session.customer_email;
  const title = session.mode === "payment" ? `Pay for ${name}` : `Subscribe to ${name}`;
  return frame(
    title,
    markup`${session.cancel_url !== null && markup`<p><a href="${session.cancel_url}">Back</a></p>`}
<h1>${title}</h1>
${terms(running, session, price, order.quantity)}
${alert(problem)}
<form method="post" action="/c/pay/${session.id}" novalidate>
<div class="card">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" value="${form.email}" autocomplete="email" required${known ? markup` readonly` : null}>
${asksForCard(session) && cardFields(form.card)}
<button class="main">${buttonWords(session)}</button>
${
  session.allow_promotion_codes &&
  markup`<label for="code">Promotion code</label>
<div class="together"><input id="code" name="code" value="${form.code}" autocomplete="off"><button class="quiet" name="action" value="apply">Apply</button></div>`
}
</div>
</form>
<details><summary>Test cards</summary>${testCardTable()}</details>`,
  );
}

function buttonWords(session: CheckoutSession): string {
  const total = session.amount_total ?? 0;
  if (session.mode === "payment") return `Pay ${formatMoney(total, session.currency ?? "usd")}`;
  return session.amount_subtotal === 0 ? "Start trial" : "Subscribe";
}

/** What the discount takes off, and for how long. */
function discountWords({ state }: Running["sandbox"], order: CheckoutOrder, price: Price): Markup | null {
  const coupon = order.discount && state.coupons.get(order.discount.coupon);
  if (!coupon) return null;
  const off = coupon.percent_off
    ? `${coupon.percent_off}%`
    : formatMoney(coupon.amount_off ?? 0, coupon.currency ?? price.currency);
  const long = {
    once: "on the first payment",
    forever: "on every payment",
    repeating: `for ${coupon.duration_in_months} months`,
  };
  const when = price.recurring === null ? "" : ` ${long[coupon.duration as keyof typeof long]}`;
  return markup`<p>Discount${coupon.name !== null && ` ${coupon.name}`}: ${off} off${when}</p>`;
}

function terms(running: Running, session: CheckoutSession, price: Price, quantity: number): Markup {
  const now = running.sandbox.clock.seconds();
  const order = requireOrder(running.sandbox, session);
  const trialEnd = trialEndOf(order, now);
  const discount = discountWords(running.sandbox, order, price);
  const dueToday = formatMoney(session.amount_total ?? 0, price.currency);
  if (session.mode === "payment") return markup`<p class="price">${dueToday}</p>${discount}`;
  const amount = formatMoney(price.unit_amount * quantity, price.currency);
  const every = formatInterval(price.recurring);
  if (trialEnd !== null) {
    const days = Math.round((trialEnd - now) / 86_400);
    return markup`<p class="price">${days} ${days === 1 ? "day" : "days"} free</p>
<p class="soft">then ${amount} per ${every} starting ${day(trialEnd)}</p>${discount}`;
  }
  const next = nextPeriodEnd(now, price.recurring ?? { interval: "month", interval_count: 1 }, now);
  return markup`<p class="price">${amount} per ${every}</p>
<p class="soft">${dueToday} due today, then ${amount} per ${every} starting ${day(next)}</p>${discount}`;
}
