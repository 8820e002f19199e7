/** SendGrid's signed event webhook: ECDSA over the time and the bytes of the body; many events in one request. */
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { z } from "zod";
import { NotBelieved, type ProviderEvent, readJson, type WebhookRequest } from "./event";

const events = z.array(
  z.object({
    event: z.string(),
    email: z.string().optional(),
    sg_event_id: z.string().optional(),
    "smtp-id": z.string().optional(),
    type: z.string().optional(),
    status: z.string().optional(),
    reason: z.string().optional(),
  }),
);

/** By docs.sendgrid.com/glossary/drops; "Invalid SMTPAPI header" is a mistake of the sender's. */
const ON_THEIR_LIST = /^(bounced address|invalid)$/i;

const OLDEST_MS = 24 * 3_600_000;

/** `key` as SendGrid shows it: base64 without frame. Throws NotBelieved for what it did not sign. */
export function readSendGrid(request: WebhookRequest, options: { key: string; now: Date }): ProviderEvent[] {
  const signature = request.headers.get("x-twilio-email-event-webhook-signature") ?? "";
  const timestamp = request.headers.get("x-twilio-email-event-webhook-timestamp") ?? "";
  const signed = Buffer.concat([Buffer.from(timestamp), request.body]);
  if (!verify("sha256", signed, keyOf(options.key), Buffer.from(signature, "base64"))) {
    throw new NotBelieved("Its signature does not hold.");
  }
  const age = options.now.getTime() - Number(timestamp) * 1_000;
  if (!(Math.abs(age) < OLDEST_MS)) throw new NotBelieved("It is too old.");
  const parsed = events.safeParse(readJson(request.body));
  if (!parsed.success) throw new NotBelieved("These are no events of SendGrid's.");
  return parsed.data.flatMap(eventOf);
}

function keyOf(key: string): KeyObject {
  return createPublicKey({ key: Buffer.from(key, "base64"), format: "der", type: "spki" });
}

function eventOf(event: z.infer<typeof events>[number]): ProviderEvent[] {
  if (!event.sg_event_id || !event.email) return [];
  const about = {
    id: event.sg_event_id,
    recipient: event.email,
    returnPath: null,
    messageId: event["smtp-id"] ?? null,
  };
  if (event.event === "spamreport") return [{ ...about, complaint: true }];
  const words = event.reason ?? null;
  if (event.event === "bounce") {
    // "Blocked" is a refusal that SendGrid does not hold against the address.
    const digit = event.type === "blocked" ? "4" : "5";
    const status = event.status ? event.status.replace(/^\d/, digit) : `${digit}.0.0`;
    return [{ ...about, complaint: false, code: null, status, words }];
  }
  const onTheirList = event.event === "dropped" && ON_THEIR_LIST.test(words ?? "");
  return onTheirList ? [{ ...about, complaint: false, code: null, status: "5.0.0", words }] : [];
}
