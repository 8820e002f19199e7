import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { recordStripeEvent } from "@/lib/memberships/record-stripe-event";
import { getStripe } from "@/lib/stripe";

/** Stripe's own events are far smaller. */
const LARGEST_BODY = 512 * 1024;

export async function POST(request: Request): Promise<Response> {
  const { STRIPE_WEBHOOK_SECRET, STRIPE_SECRET_KEY } = getEnv();
  try {
    const rawBody = await readAtMost(request, LARGEST_BODY);
    if (rawBody === null) return Response.json({ error: "too large" }, { status: 413 });
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

/** The body as it came, byte for byte; null, without reading on, for one that is too long, whatever length it claims. */
async function readAtMost(request: Request, limit: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
