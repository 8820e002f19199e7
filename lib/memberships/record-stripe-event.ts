/**
 * Takes in one webhook: checks the signature on the raw body, then stores the event's id once. Does no work and believes
 * nothing of what the event says; the stored row is the worker's job to read the truth from Stripe. Safe to run twice.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { askForJob } from "@/lib/jobs";

export type Webhook = { rawBody: Buffer | string; signature: string | null };

/** Throws INVALID for anything that the configured account did not sign. Other errors mean: answer 5xx, so Stripe retries. */
export async function recordStripeEvent(
  db: Database,
  stripe: Stripe,
  webhook: Webhook,
  options: { secrets: readonly string[]; live: boolean },
): Promise<{ eventId: string; isNew: boolean }> {
  const event = verified(stripe, webhook, options.secrets);
  if (event.livemode !== options.live) {
    throw new DomainError("INVALID", "This event belongs to Stripe's other mode.");
  }
  // Set on events of accounts that are connected to a platform; we are none, so it is somebody else's.
  if (event.account) throw new DomainError("INVALID", "This event belongs to another account.");
  const isNew = await db.$transaction(async (tx) => {
    const { count } = await tx.stripeEvent.createMany({
      data: [{ id: event.id, type: event.type, customerId: customerOf(event) }],
      skipDuplicates: true,
    });
    if (count > 0) await askForJob(tx, "stripe-event", { eventId: event.id });
    return count > 0;
  });
  return { eventId: event.id, isNew };
}

function verified(stripe: Stripe, webhook: Webhook, secrets: readonly string[]): Stripe.Event {
  for (const secret of secrets) {
    if (!webhook.signature || secret === "") break;
    try {
      return stripe.webhooks.constructEvent(webhook.rawBody, webhook.signature, secret);
    } catch {
      // Another of the configured secrets may fit: two are valid while one is rotated.
    }
  }
  throw new DomainError("INVALID", "This is not signed by Stripe.");
}

function customerOf(event: Stripe.Event): string | null {
  const object: object = event.data.object;
  if ("object" in object && object.object === "customer" && "id" in object) return String(object.id);
  const customer = "customer" in object ? object.customer : null;
  if (typeof customer === "string") return customer;
  return customer && typeof customer === "object" && "id" in customer ? String(customer.id) : null;
}
