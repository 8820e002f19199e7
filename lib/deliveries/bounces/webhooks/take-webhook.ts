/**
 * What a mail provider reports by webhook. Only what its signature or password proves is read; a provider whose secret
 * is not set does not exist. A delivery is found by its return address or Message-ID, and where the provider keeps
 * neither, the person by the address that it signed for. An address that complained is closed though nobody here has it
 * any more. May run twice: each event counts once.
 */
import { isAuthorAddress } from "@/lib/auth/authors";
import type { Database } from "@/lib/db";
import type { Env } from "@/lib/env";
import { log } from "@/lib/log";
import { type Returned, readReturnPath } from "@/lib/mail/return-path";
import { parseAddress } from "@/lib/subscribers/address";
import { suppress } from "@/lib/subscribers/suppress";
import { recordBounce } from "../record-bounce";
import { findByMessageId } from "../take-report";
import { NotBelieved, type ProviderEvent, type WebhookRequest } from "./event";
import { readMailgun } from "./mailgun";
import { readPostmark } from "./postmark";
import { readSendGrid } from "./sendgrid";
import { type FetchCertificate, readSes } from "./ses";

export type WebhookSecrets = Pick<
  Env,
  "SES_TOPIC_ARN" | "POSTMARK_WEBHOOK_SECRET" | "MAILGUN_WEBHOOK_KEY" | "SENDGRID_WEBHOOK_KEY"
>;

export type WebhookServices = { secrets: WebhookSecrets; fetchCertificate: FetchCertificate; now: Date };

/** "unknown": no such provider here. "refused": not signed. Else how many events were looked at. */
export type TakenWebhook = "unknown" | "refused" | { events: number };

export async function takeWebhook(
  db: Database,
  provider: string,
  request: WebhookRequest,
  services: WebhookServices,
): Promise<TakenWebhook> {
  let events: ProviderEvent[] | null;
  try {
    events = await readEvents(provider, request, services);
  } catch (error) {
    if (!(error instanceof NotBelieved)) throw error;
    log.warn({ event: "deliveries.webhook-refused", provider, reason: error.message });
    return "refused";
  }
  if (events === null) return "unknown";
  await takeEvents(db, events, { provider, now: services.now });
  return { events: events.length };
}

/** So many in a row, and it is not the events that are at fault but the database. */
const ENOUGH_FAILURES = 10;

/** What is wrong with one event is no reason to lose the others of its request; thrown at the end, so that it comes again. */
async function takeEvents(
  db: Database,
  events: readonly ProviderEvent[],
  source: { provider: string; now: Date },
): Promise<void> {
  const failures: unknown[] = [];
  let inARow = 0;
  for (const event of events) {
    try {
      await takeEvent(db, event, source);
      inARow = 0;
    } catch (error) {
      failures.push(error);
      inARow += 1;
    }
    if (inARow === ENOUGH_FAILURES) break;
  }
  if (failures.length === 0) return;
  throw new AggregateError(failures, `${failures.length} of ${events.length} events could not be kept.`, {
    cause: failures[0],
  });
}

async function takeEvent(
  db: Database,
  event: ProviderEvent,
  { provider, now }: { provider: string; now: Date },
): Promise<void> {
  const said = { source: provider, ...saidBy(event) };
  const mail = await findMail(db, event);
  const recorded = mail && (await recordBounce(db, { about: mail, ...said }, { now }));
  // Who complained wants no mail, whatever became of the one that they complained about.
  if (recorded && !(recorded === "unknown" && event.complaint)) return;
  const address = parseAddress(event.recipient);
  if (!address.ok) return;
  const { email } = address;
  const person = await db.subscriber.findUnique({ where: { email }, select: { id: true } });
  if (person) {
    const about = { subscriberId: person.id, key: `${provider}:${event.id}` };
    await recordBounce(db, { about, ...said }, { now });
  } else if (event.complaint && !(await isAuthorAddress(db, email))) {
    // Erased since: a list may bring the address again.
    await suppress(db, { email, reason: "complained" }, { now });
  }
}

async function readEvents(
  provider: string,
  request: WebhookRequest,
  { secrets, fetchCertificate, now }: WebhookServices,
): Promise<ProviderEvent[] | null> {
  const { SES_TOPIC_ARN, POSTMARK_WEBHOOK_SECRET, MAILGUN_WEBHOOK_KEY, SENDGRID_WEBHOOK_KEY } = secrets;
  if (provider === "ses" && SES_TOPIC_ARN) {
    const answer = await readSes(request, { topic: SES_TOPIC_ARN, fetchCertificate, now });
    if ("events" in answer) return answer.events;
    log.warn(
      { event: "deliveries.sns-waits", openThis: answer.confirmAt },
      "SNS wants this subscription confirmed: open the address yourself, if you asked for it",
    );
    return [];
  }
  if (provider === "postmark" && POSTMARK_WEBHOOK_SECRET) {
    return readPostmark(request, { secret: POSTMARK_WEBHOOK_SECRET });
  }
  if (provider === "mailgun" && MAILGUN_WEBHOOK_KEY) {
    return readMailgun(request, { secret: MAILGUN_WEBHOOK_KEY, now });
  }
  if (provider === "sendgrid" && SENDGRID_WEBHOOK_KEY) {
    return readSendGrid(request, { key: SENDGRID_WEBHOOK_KEY, now });
  }
  return null;
}

function saidBy(event: ProviderEvent) {
  if (event.complaint) return { complaint: true } as const;
  const { code, status, words } = event;
  return { complaint: false, code, status, words } as const;
}

async function findMail(db: Database, { returnPath, messageId }: ProviderEvent): Promise<Returned | null> {
  const returned = returnPath ? readReturnPath(returnPath) : null;
  return returned ?? (messageId ? findByMessageId(db, messageId) : null);
}
