import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { recordStripeEvent } from "@/lib/memberships/record-stripe-event";
import { getStripe } from "@/lib/stripe";

/** Stripe's own events are far smaller. */
const LARGEST_BODY = 512 * 1024;

export async function POST(request: Request): Promise<Response> {
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length > LARGEST_BODY) return Response.json({ error: "too large" }, { status: 413 });
  const rawBody = await request.text();
  if (rawBody.length > LARGEST_BODY) return Response.json({ error: "too large" }, { status: 413 });
  const { STRIPE_WEBHOOK_SECRET, STRIPE_SECRET_KEY } = getEnv();
  try {
    const { eventId, isNew } = await recordStripeEvent(
      getDatabase(),
      getStripe(),
      { rawBody, signature: request.headers.get("stripe-signature") },
      { secrets: STRIPE_WEBHOOK_SECRET, live: STRIPE_SECRET_KEY.includes("_live_") },
    );
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
