import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { getStripe } from "@/lib/stripe";
import { answerWebhook } from "./answer-webhook";

export async function POST(request: Request): Promise<Response> {
  const { STRIPE_WEBHOOK_SECRET, STRIPE_SECRET_KEY } = getEnv();
  return answerWebhook(request, {
    db: getDatabase(),
    stripe: getStripe(),
    secrets: STRIPE_WEBHOOK_SECRET,
    live: STRIPE_SECRET_KEY.includes("_live_"),
  });
}
