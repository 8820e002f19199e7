/**
 * Amazon SES through SNS. An SNS message is signed; its certificate is taken only from SNS's own hosts, and the topic
 * must be the one that the operator named, since everybody can have a topic. Nothing that a message names is opened:
 * a subscription is confirmed by the operator, who is told the address.
 */
import { createVerify, X509Certificate } from "node:crypto";
import { z } from "zod";
import { NotBelieved, type ProviderEvent, readJson, type WebhookRequest } from "./event";

/** Gets a certificate in PEM; called only with an address that `isSnsCertificate` passed. */
export type FetchCertificate = (url: string) => Promise<string>;

const message = z.object({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  Subject: z.string().nullish(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: z.string(),
  SigningCertURL: z.string(),
});
type SnsMessage = z.infer<typeof message>;

const recipient = z.object({
  emailAddress: z.string(),
  status: z.string().optional(),
  diagnosticCode: z.string().optional(),
});
const notification = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: z.object({
    source: z.string().optional(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  }),
  bounce: z.object({ bounceType: z.string(), bouncedRecipients: z.array(recipient) }).optional(),
  complaint: z
    .object({
      complainedRecipients: z.array(recipient),
      complaintFeedbackType: z.string().nullish(),
    })
    .optional(),
});

export type SesAnswer = { events: ProviderEvent[] } | { confirmAt: string };

/** Throws NotBelieved for what SNS did not sign for this topic. */
export async function readSes(
  request: WebhookRequest,
  options: { topic: string; fetchCertificate: FetchCertificate; now: Date },
): Promise<SesAnswer> {
  const parsed = message.safeParse(readJson(request.body));
  if (!parsed.success) throw new NotBelieved("It is no SNS message.");
  const sns = parsed.data;
  if (sns.TopicArn !== options.topic) throw new NotBelieved("It is of another topic.");
  await requireSignature(sns, options);
  if (sns.Type !== "Notification") return sns.SubscribeURL ? { confirmAt: sns.SubscribeURL } : { events: [] };
  const told = notification.safeParse(readTold(sns.Message));
  return { events: told.success ? eventsOf(told.data, sns.MessageId) : [] };
}

/**
 * Null for what is no JSON: SES tells a new topic "Successfully validated SNS topic for Amazon SES event publishing." in
 * plain words, and SNS would come again with them.
 */
function readTold(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Only SNS's own hosts, as AWS documents them, and nothing but the file. */
export function isSnsCertificate(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password, pathname, search } = new URL(address);
  return (
    protocol === "https:" &&
    /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(host) &&
    username + password + search === "" &&
    /^\/SimpleNotificationService-[\w-]+\.pem$/.test(pathname)
  );
}

async function requireSignature(
  sns: SnsMessage,
  { fetchCertificate, now }: { fetchCertificate: FetchCertificate; now: Date },
): Promise<void> {
  if (!isSnsCertificate(sns.SigningCertURL)) throw new NotBelieved("Its certificate is not SNS's.");
  const certificate = new X509Certificate(await fetchCertificate(sns.SigningCertURL));
  if (new Date(certificate.validTo) < now || new Date(certificate.validFrom) > now) {
    throw new NotBelieved("Its certificate is not valid now.");
  }
  const verify = createVerify(sns.SignatureVersion === "2" ? "RSA-SHA256" : "RSA-SHA1").update(
    signedText(sns),
  );
  if (!verify.verify(certificate.publicKey, sns.Signature, "base64")) {
    throw new NotBelieved("Its signature does not hold.");
  }
}

const SIGNED_OF_NOTIFICATION = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"] as const;
const SIGNED_OF_SUBSCRIPTION = [
  "Message",
  "MessageId",
  "SubscribeURL",
  "Timestamp",
  "Token",
  "TopicArn",
  "Type",
] as const;

/** Names and values in turn, each on a line; a field that is not there is left out. */
export function signedText(sns: Partial<Record<keyof SnsMessage, string | null | undefined>>): string {
  const names = sns.Type === "Notification" ? SIGNED_OF_NOTIFICATION : SIGNED_OF_SUBSCRIPTION;
  return names.map((name) => (sns[name] == null ? "" : `${name}\n${sns[name]}\n`)).join("");
}

function eventsOf(told: z.infer<typeof notification>, snsId: string): ProviderEvent[] {
  const { mail, bounce, complaint } = told;
  const kind = told.notificationType ?? told.eventType;
  const messageId = mail.headers?.find(({ name }) => name.toLowerCase() === "message-id")?.value ?? null;
  const about = (address: string) => ({
    id: `${snsId}:${address}`,
    recipient: address,
    returnPath: mail.source ?? null,
    messageId,
  });
  if (kind === "Complaint" && complaint && complaint.complaintFeedbackType !== "not-spam") {
    return complaint.complainedRecipients.map((who) => ({ ...about(who.emailAddress), complaint: true }));
  }
  if (kind !== "Bounce" || !bounce) return [];
  const digit = bounce.bounceType === "Permanent" ? "5" : "4";
  return bounce.bouncedRecipients.map((who) => ({
    ...about(who.emailAddress),
    complaint: false,
    code: null,
    status: who.status ? who.status.replace(/^\d/, digit) : `${digit}.0.0`,
    words: who.diagnosticCode?.replace(/^[\w-]+;\s*/, "") ?? null,
  }));
}
