/** Mailgun's webhooks: an HMAC over time and token stands in the body. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { NotBelieved, type ProviderEvent, readJson, type WebhookRequest } from "./event";

const payload = z.object({
  signature: z.object({
    timestamp: z.coerce.string(),
    token: z.string().min(1).max(200),
    signature: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  "event-data": z.object({
    event: z.string(),
    id: z.string(),
    recipient: z.string().optional(),
    severity: z.string().optional(),
    message: z.object({ headers: z.object({ "message-id": z.string().optional() }).optional() }).optional(),
    envelope: z.object({ sender: z.string().optional() }).optional(),
    "delivery-status": z
      .object({
        code: z.number().nullish(),
        "enhanced-code": z.string().nullish(),
        message: z.string().nullish(),
        description: z.string().nullish(),
      })
      .optional(),
  }),
});

/** Mailgun tries again for eight hours. */
const OLDEST_MS = 12 * 3_600_000;
const AHEAD_MS = 5 * 60_000;

/** Throws NotBelieved for what Mailgun did not sign. A failure that Mailgun will try again itself is nothing. */
export function readMailgun(
  request: WebhookRequest,
  options: { secret: string; now: Date },
): ProviderEvent[] {
  const parsed = payload.safeParse(readJson(request.body));
  if (!parsed.success) throw new NotBelieved("It is no event of Mailgun's.");
  const { signature, "event-data": event } = parsed.data;
  const { timestamp, token } = signature;
  const expected = createHmac("sha256", options.secret).update(`${timestamp}${token}`).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature.signature, "hex"))) {
    throw new NotBelieved("Its signature does not hold.");
  }
  const age = options.now.getTime() - Number(timestamp) * 1_000;
  if (!(age < OLDEST_MS && age > -AHEAD_MS)) throw new NotBelieved("It is too old.");
  const about = {
    id: event.id,
    recipient: event.recipient ?? "",
    returnPath: event.envelope?.sender ?? null,
    messageId: event.message?.headers?.["message-id"] ?? null,
  };
  if (event.event === "complained") return [{ ...about, complaint: true }];
  if (event.event !== "failed" || event.severity !== "permanent") return [];
  const { code, message, description, "enhanced-code": status } = event["delivery-status"] ?? {};
  const words = message || description || null;
  // 605 and the like are Mailgun's own: the address is on its list of those that bounced.
  const known = code && code >= 400 && code < 600 ? code : 550;
  return [{ ...about, complaint: false, code: known, status: status ?? null, words }];
}
