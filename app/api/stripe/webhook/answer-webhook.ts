import { readAtMost } from "@/app/api/read-at-most";
import type { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { recordStripeEvent } from "@/lib/memberships/record-stripe-event";
import type { getStripe } from "@/lib/stripe";

/** Stripe's own events are far smaller. */
const LARGEST_BODY = 512 * 1024;

type Services = {
  db: ReturnType<typeof getDatabase>;
  stripe: ReturnType<typeof getStripe>;
  secrets: readonly string[];
  live: boolean;
};

/** 2xx once the event is stored, for known ones too; 400 for what Stripe did not sign; 5xx where Stripe has to come again. */
export async function answerWebhook(request: Request, services: Services): Promise<Response> {
  const { db, stripe, secrets, live } = services;
  try {
    const rawBody = await readAtMost(request, LARGEST_BODY);
    if (rawBody === null) return Response.json({ error: "too large" }, { status: 413 });
    const signature = request.headers.get("stripe-signature");
    const { eventId, isNew } = await recordStripeEvent(db, stripe, { rawBody, signature }, { secrets, live });
    if (isNew) log.info({ event: "memberships.webhook-stored", eventId });
    return Response.json({ received: true });
  } catch (error) {
    if (error instanceof DomainError && error.code === "INVALID") {
      log.warn({ event: "memberships.webhook-refused", reason: error.message });
      return Response.json({ error: error.message }, { status: 400 });
    }
    log.error({ event: "memberships.webhook-failed", error });
    return Response.json({ error: "try again" }, { status: 500 });
  }
}
