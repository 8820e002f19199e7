/** A publication that sells at a Stripe of its own, and a first reader, for tests of money. Closes with the test. */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import type { PlanInterval } from "@/lib/publication/plans";
import { createPublication, createSubscriber } from "@/prisma/factories";
import { openSandbox, pay, postJson, START, WEBHOOK_SECRET } from "@/sandbox/stripe/test-stripe";
import { handleStripeEvent, listUnhandledEvents } from "./handle-stripe-event";
import { recordStripeEvent } from "./record-stripe-event";
import { startCheckout } from "./start-checkout";

export const PUBLIC_URL = "https://gazette.example.com";
export const services = { now: START, publicUrl: PUBLIC_URL };
export const DAY = 86_400;

export type Shop = Awaited<ReturnType<typeof openShop>>;

export async function openShop(db: Database, settings: Parameters<typeof createPublication>[1] = {}) {
  await createPublication(db, settings);
  const sandbox = await openSandbox();
  const { stripe } = sandbox;
  const reader = await createSubscriber(db);
  const checkout = (
    subscriberId: string,
    issueSlug: string | null = null,
    interval: PlanInterval = "month",
  ) => startCheckout(db, stripe, { subscriberId, issueSlug, interval }, services);
  return {
    ...sandbox,
    ...till(db, stripe),
    reader,
    checkout,
    addReader: (more: Parameters<typeof createSubscriber>[1] = {}) => createSubscriber(db, more),
    /** Through our checkout and the sandbox's payment page; nothing of ours is written by it. */
    async checkOut(
      subscriberId: string,
      card?: string,
      interval?: PlanInterval,
    ): Promise<Stripe.Checkout.Session> {
      const { url } = await checkout(subscriberId, null, interval);
      const { data } = await stripe.checkout.sessions.list({ limit: 100 });
      const session = data.find((each) => each.url === url);
      if (!session) throw new Error(`There is no session with the page ${url}.`);
      await pay(session, card);
      return stripe.checkout.sessions.retrieve(session.id);
    },
    subscriptionOf: async (subscriberId: string) => {
      const all = await stripe.subscriptions.list({ status: "all", limit: 100 });
      const found = all.data.find((each) => each.metadata.subscriberId === subscriberId);
      if (!found) throw new Error("This person has no subscription at Stripe.");
      return found;
    },
    membership: (subscriberId: string) => db.membership.findUnique({ where: { subscriberId } }),
    mails: async (subscriberId: string) =>
      (await db.notice.findMany({ where: { subscriberId }, orderBy: { createdAt: "asc" } })).map(
        ({ kind }) => kind,
      ),
    dispute: (charge: string) => ask(sandbox.url, "disputes", { charge }),
    decide: (dispute: string, outcome: "won" | "lost") =>
      ask(sandbox.url, "disputes/close", { dispute, outcome }),
  };
}

async function ask(url: string, path: string, value: object): Promise<{ id: string }> {
  const response = await postJson(`${url}/_sandbox/${path}`, value);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { id: string };
}

/** What the webhook's route and the worker do, with these clients. */
export function till(db: Database, stripe: Stripe) {
  const store = (event: Stripe.Event) => {
    const payload = JSON.stringify(event);
    const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET });
    const webhook = { rawBody: Buffer.from(payload), signature };
    return recordStripeEvent(db, stripe, webhook, { secrets: [WEBHOOK_SECRET], live: false });
  };
  const work = async () => {
    for (;;) {
      const waiting = await listUnhandledEvents(db);
      if (waiting.length === 0) return;
      for (const { id } of waiting) await handleStripeEvent(db, stripe, id, services);
    }
  };
  const receive = async (event: Stripe.Event) => {
    const stored = await store(event);
    await handleStripeEvent(db, stripe, stored.eventId, services);
    return stored;
  };
  const events = async () =>
    (await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 })).reverse();
  return {
    /** Takes in one webhook, as the route does. */
    store,
    /** What the worker does with what was stored. */
    work,
    /** A webhook as it comes in: signed, stored, then worked on. */
    receive,
    async receiveAll(given?: readonly Stripe.Event[]): Promise<void> {
      for (const event of given ?? (await events())) await receive(event);
    },
    /** Every event that Stripe has, oldest first. */
    events,
    /** Everything that happened at Stripe and was not heard yet is stored and followed up. */
    async hear(): Promise<void> {
      for (const event of await events()) await store(event);
      await work();
    },
  };
}
