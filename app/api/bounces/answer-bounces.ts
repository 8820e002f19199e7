import { readAtMost } from "@/app/api/read-at-most";
import type { getDatabase } from "@/lib/db";
import { takeWebhook, type WebhookServices } from "@/lib/deliveries/bounces/webhooks/take-webhook";
import { log } from "@/lib/log";

/** SendGrid gathers many events into one request. */
const LARGEST_BODY = 2 * 1024 * 1024;

/** 200 once everything is kept; 404 for a provider that is not set up, 403 for what it did not sign, 5xx to come again. */
export async function answerBounces(
  request: Request,
  provider: string,
  services: WebhookServices & { db: ReturnType<typeof getDatabase> },
): Promise<Response> {
  try {
    const body = await readAtMost(request, LARGEST_BODY);
    if (body === null) return answer("too large", 413);
    const { db, ...rest } = services;
    const taken = await takeWebhook(
      db,
      provider,
      { headers: request.headers, url: new URL(request.url), body },
      rest,
    );
    if (taken === "unknown") return answer("no such provider", 404);
    return taken === "refused" ? answer("not signed", 403) : answer("noted", 200);
  } catch (error) {
    log.error({ event: "deliveries.webhook-failed", provider, error });
    return answer("try again", 500);
  }
}

function answer(text: string, status: number): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "private, no-store" },
  });
}
