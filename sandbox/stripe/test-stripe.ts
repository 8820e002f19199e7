import { createServer } from "node:http";
import Stripe from "stripe";
import { onTestFinished } from "vitest";
import type { Fault } from "./faults";
import { type StripeSandboxOptions, startStripeSandbox } from "./server";

export const WEBHOOK_SECRET = "whsec_test_of_the_sandbox";
export const SECRET_KEY = "sk_test_of_the_sandbox";
export const START = new Date("2026-01-05T09:00:00Z");

export function clientOf(url: string, key = SECRET_KEY): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
}

/** A webhook endpoint that checks signatures as the app does, and keeps what it got. `answers` are statuses in turn. */
export async function listenForWebhooks(answers: number[] = []) {
  const received: Stripe.Event[] = [];
  const unsigned: string[] = [];
  let waiting: (() => void) | undefined;
  const stripe = new Stripe(SECRET_KEY);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      try {
        received.push(
          stripe.webhooks.constructEvent(body, request.headers["stripe-signature"] ?? "", WEBHOOK_SECRET),
        );
      } catch (error) {
        unsigned.push(String(error));
      }
      response.writeHead(answers.shift() ?? 200).end();
      waiting?.();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return {
    url: `http://127.0.0.1:${address.port}/webhook`,
    received,
    unsigned,
    types: () => received.map((event) => event.type),
    /** Resolves when `count` requests have come in. */
    async arrived(count: number) {
      while (received.length + unsigned.length < count) {
        await new Promise<void>((more) => {
          waiting = more;
        });
      }
    },
  };
}

/** A sandbox that stands at START, with a client and a $3 monthly price. It closes with the test. */
export async function openSandbox(options: Partial<StripeSandboxOptions> = {}) {
  const sandbox = await startStripeSandbox({
    port: 0,
    webhookUrl: null,
    webhookSecret: WEBHOOK_SECRET,
    secretKey: SECRET_KEY,
    now: START,
    ...options,
  });
  onTestFinished(() => sandbox.close());
  const stripe = clientOf(sandbox.url);
  const advance = async (move: { seconds: number } | { to: string }) => {
    const response = await postJson(`${sandbox.url}/_sandbox/clock/advance`, move);
    if (!response.ok) throw new Error(await response.text());
  };
  /** Sets the fault switch; several faults add up. */
  const trouble = async (fault: Partial<Omit<Fault, "struck" | "seen">>) => {
    const response = await postJson(`${sandbox.url}/_sandbox/faults`, fault);
    if (!response.ok) throw new Error(await response.text());
  };
  const endTrouble = async () => {
    await fetch(`${sandbox.url}/_sandbox/faults`, { method: "DELETE" });
  };
  return { ...sandbox, stripe, advance, trouble, endTrouble };
}

export type TestSandbox = Awaited<ReturnType<typeof openSandbox>>;

export function postJson(url: string, value: unknown): Promise<Response> {
  return fetch(url, { method: "POST", body: JSON.stringify(value) });
}

/** Sends a page's form as a browser does, without following where it leads. */
export function postForm(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
}

export function createPrice(
  stripe: Stripe,
  recurring: Stripe.PriceCreateParams.Recurring = { interval: "month" },
): Promise<Stripe.Price> {
  return stripe.prices.create({
    currency: "usd",
    unit_amount: 300,
    recurring,
    product_data: { name: "The Weekly" },
  });
}

export async function createSession(
  stripe: Stripe,
  params: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  const price = await createPrice(stripe);
  return stripe.checkout.sessions.create({
    mode: "subscription",
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: "http://127.0.0.1:9/done?session={CHECKOUT_SESSION_ID}",
    cancel_url: "http://127.0.0.1:9/join",
    subscription_data: { trial_period_days: 7, metadata: { subscriber: "one" } },
    ...params,
  });
}

export const GOOD_CARD = "4242424242424242";

/** Fills in the checkout page with a card. */
export function pay(session: { url: string | null }, number = GOOD_CARD): Promise<Response> {
  if (session.url === null) throw new Error("The session has no page.");
  return postForm(session.url, {
    email: "reader@example.com",
    number,
    expiry: "12 / 34",
    cvc: "123",
    name: "Sam Reader",
  });
}

/** A trial that began through the checkout page. */
export async function startTrial(
  sandbox: TestSandbox,
  number = GOOD_CARD,
  params: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<{ session: Stripe.Checkout.Session; subscription: Stripe.Subscription; customer: string }> {
  const open = await createSession(sandbox.stripe, params);
  await pay(open, number);
  const session = await sandbox.stripe.checkout.sessions.retrieve(open.id, { expand: ["subscription"] });
  const { subscription, customer } = session;
  if (subscription === null || typeof subscription === "string" || typeof customer !== "string") {
    throw new Error(`The checkout is ${session.status}.`);
  }
  return { session, subscription, customer };
}
