/** A publication that sells at a Stripe, for tests of memberships. The Stripe comes in, and so does its time. */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { createPublication, createSubscriber } from "@/prisma/factories";
import { handleStripeEvent, listUnhandledEvents } from "./handle-stripe-event";
import { recordStripeEvent } from "./record-stripe-event";
import { startCheckout } from "./start-checkout";

const SECRET = "whsec_of_this_shop";
const SERVICES = { now: new Date("2026-01-05T09:00:00Z"), publicUrl: "https://gazette.example.com" };

export async function openShop(
  db: Database,
  stripe: Stripe,
  settings: Parameters<typeof createPublication>[1] = {},
) {
  await createPublication(db, settings);
  const services = { ...SERVICES };
  const checkout = (subscriberId: string, issueSlug: string | null = null) =>
    startCheckout(db, stripe, { subscriberId, issueSlug }, services);
  const store = (event: Stripe.Event) => {
    const payload = JSON.stringify(event);
    const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET });
    const webhook = { rawBody: Buffer.from(payload), signature };
    return recordStripeEvent(db, stripe, webhook, { secrets: [SECRET], live: false });
  };
  const work = async () => {
    for (const { id } of await listUnhandledEvents(db)) await handleStripeEvent(db, stripe, id, services);
  };
  return {
    services,
    checkout,
    /** Takes in one webhook, as the route does. */
    store,
    /** What the worker does with what was stored. */
    work,
    reader: (more: Parameters<typeof createSubscriber>[1] = {}) => createSubscriber(db, more),
    /** Every event that Stripe has, oldest first. */
    events: async () =>
      (await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 })).reverse(),
    /** Everything that happened at Stripe and was not heard yet is stored and followed up. */
    async hear() {
      for (const event of await this.events()) await store(event);
      await work();
    },
    membership: (subscriberId: string) => db.membership.findUnique({ where: { subscriberId } }),
    mails: async (subscriberId: string) =>
      (await db.notice.findMany({ where: { subscriberId }, orderBy: { createdAt: "asc" } })).map(
        ({ kind }) => kind,
      ),
  };
}
