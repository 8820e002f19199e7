/** A reader, a publication and a Stripe to talk to, for tests of money. */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { createPublication, createSubscriber } from "@/prisma/factories";
import { openSandbox, pay, START, type TestSandbox, WEBHOOK_SECRET } from "@/sandbox/stripe/test-stripe";
import { handleStripeEvent } from "./handle-stripe-event";
import { recordStripeEvent } from "./record-stripe-event";
import { startCheckout } from "./start-checkout";

export const PUBLIC_URL = "https://gazette.example.com";
export const services = { now: START, publicUrl: PUBLIC_URL };

export async function openShop(db: Database, publication: Parameters<typeof createPublication>[1] = {}) {
  await createPublication(db, publication);
  const sandbox = await openSandbox();
  const reader = await createSubscriber(db);
  return { sandbox, stripe: sandbox.stripe, reader };
}

/** Through our checkout and the sandbox's payment page; nothing of ours is written by it. */
export async function checkOut(
  db: Database,
  sandbox: TestSandbox,
  subscriberId: string,
  card?: string,
): Promise<Stripe.Checkout.Session> {
  const { url } = await startCheckout(db, sandbox.stripe, { subscriberId, issueSlug: null }, services);
  const { data } = await sandbox.stripe.checkout.sessions.list({ limit: 100 });
  const session = data.find((each) => each.url === url);
  if (!session) throw new Error(`There is no session with the page ${url}.`);
  await pay(session, card);
  return sandbox.stripe.checkout.sessions.retrieve(session.id);
}

/** What the sandbox has told so far, oldest first. */
export async function listEvents(stripe: Stripe): Promise<Stripe.Event[]> {
  const events = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  return events.reverse();
}

/** A webhook as it comes in: signed, stored, then worked on. */
export async function receive(
  db: Database,
  stripe: Stripe,
  event: Stripe.Event,
  now: Date = START,
): Promise<{ eventId: string; isNew: boolean }> {
  const rawBody = JSON.stringify(event);
  const signature = stripe.webhooks.generateTestHeaderString({ payload: rawBody, secret: WEBHOOK_SECRET });
  const stored = await recordStripeEvent(
    db,
    stripe,
    { rawBody, signature },
    { secrets: [WEBHOOK_SECRET], live: false },
  );
  await handleStripeEvent(db, stripe, stored.eventId, { now, publicUrl: PUBLIC_URL });
  return stored;
}

export async function listNoticeKinds(db: Database): Promise<string[]> {
  const notices = await db.notice.findMany({ orderBy: { createdAt: "asc" }, select: { kind: true } });
  return notices.map((notice) => notice.kind);
}
