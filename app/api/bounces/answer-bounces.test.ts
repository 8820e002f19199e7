import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { makeCertificate } from "@/lib/deliveries/bounces/webhooks/certificate.fixture";
import { isSnsCertificate, signedText } from "@/lib/deliveries/bounces/webhooks/ses";
import * as environment from "@/lib/env";
import { returnPath } from "@/lib/mail/return-path";
import { createIssue, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { answerBounces } from "./answer-bounces";

const database = useTestDatabase({ emptyEachTime: true });
const NOW = new Date("2026-11-20T12:00:00Z");
const seconds = (date: Date) => String(Math.floor(date.getTime() / 1_000));
const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);

const sendGridKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const SECRETS = {
  SES_TOPIC_ARN: "arn:aws:sns:eu-west-1:123456789012:mail",
  POSTMARK_WEBHOOK_SECRET: "a password of thirty-two letters",
  MAILGUN_WEBHOOK_KEY: "key-0123456789abcdef",
  SENDGRID_WEBHOOK_KEY: sendGridKeys.publicKey.export({ type: "spki", format: "der" }).toString("base64"),
};
const CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem";
const certificate = makeCertificate(later(-24), later(24));
const fetched: string[] = [];

let reader: { id: string; email: string };
let mail: { returnPath: string; messageId: string };

beforeEach(async () => {
  const env = { ...environment.getEnv(), BOUNCE_DOMAIN: "bounce.example.com" };
  vi.spyOn(environment, "getEnv").mockReturnValue(env);
  reader = await createSubscriber(database.db);
  const issue = await createIssue(database.db);
  const messageId = `<${issue.id}.0123456789abcdef0123@example.com>`;
  const delivery = await database.db.delivery.create({
    data: { issueId: issue.id, subscriberId: reader.id, messageId, state: "SENT", attempt: 1 },
  });
  mail = { returnPath: returnPath(delivery.id), messageId };
  fetched.length = 0;
});

type Call = { provider: string; body: string; headers?: Record<string, string>; query?: string };

async function post(
  { provider, body, headers = {}, query = "" }: Call,
  secrets: object = SECRETS,
  pem = certificate.pem,
) {
  const request = new Request(`https://news.example.com/api/bounces/${provider}${query}`, {
    method: "POST",
    body,
    headers,
  });
  const answer = await answerBounces(request, provider, {
    db: database.db,
    secrets: secrets as typeof SECRETS,
    fetchCertificate: async (url) => {
      fetched.push(url);
      return pem;
    },
    now: NOW,
  });
  return answer.status;
}

const kept = async () =>
  (await database.db.bounce.findMany()).map(({ kind, status, source }) => ({ kind, status, source }));
const status = async () =>
  (await database.db.subscriber.findUniqueOrThrow({ where: { id: reader.id } })).status;

type Sns = Parameters<typeof signedText>[0] & Record<string, unknown>;

function ses(told: unknown, more: Sns = {}, { key = certificate.privateKey, version = "2" } = {}): Call {
  const message: Sns = {
    Type: "Notification",
    MessageId: "sns-1",
    TopicArn: SECRETS.SES_TOPIC_ARN,
    Message: JSON.stringify(told),
    Timestamp: NOW.toISOString(),
    SigningCertURL: CERTIFICATE_URL,
    SignatureVersion: version,
    ...more,
  };
  const digest = version === "1" ? "sha1" : "sha256";
  const Signature = sign(digest, Buffer.from(signedText(message)), key).toString("base64");
  return { provider: "ses", body: JSON.stringify({ Signature, ...message }) };
}

const sesMail = () => ({ source: mail.returnPath, messageId: "0000-ses", destination: [reader.email] });
const sesBounce = (bounceType: string, told?: string) => ({
  notificationType: "Bounce",
  bounce: {
    bounceType,
    bounceSubType: "General",
    bouncedRecipients: [
      { emailAddress: reader.email, ...(told && { status: told, diagnosticCode: `smtp; 550 ${told} no` }) },
    ],
  },
  mail: sesMail(),
});

const postmark = (record: object, password = SECRETS.POSTMARK_WEBHOOK_SECRET): Call => ({
  provider: "postmark",
  headers: { authorization: `Basic ${Buffer.from(`masthead:${password}`).toString("base64")}` },
  body: JSON.stringify({ RecordType: "Bounce", ID: 42, Email: reader.email, ...record }),
});

function mailgun(event: object, { key = SECRETS.MAILGUN_WEBHOOK_KEY, at = NOW } = {}): Call {
  const timestamp = seconds(at);
  const signature = createHmac("sha256", key).update(`${timestamp}token`).digest("hex");
  const message = { headers: { "message-id": mail.messageId.slice(1, -1) } };
  return {
    provider: "mailgun",
    body: JSON.stringify({
      signature: { timestamp, token: "token", signature },
      "event-data": { id: "mg-1", recipient: reader.email, message, ...event },
    }),
  };
}

function sendGrid(
  events: object[],
  { key = sendGridKeys.privateKey, at = NOW }: { key?: KeyObject; at?: Date } = {},
): Call {
  const body = `${JSON.stringify(events.map((event) => ({ email: reader.email, sg_event_id: "sg-1", "smtp-id": mail.messageId, ...event })))}\r\n`;
  const signature = sign("sha256", Buffer.from(seconds(at) + body), key).toString("base64");
  return {
    provider: "sendgrid",
    body,
    headers: {
      "X-Twilio-Email-Event-Webhook-Signature": signature,
      "X-Twilio-Email-Event-Webhook-Timestamp": seconds(at),
    },
  };
}

describe("what a provider signed is counted", () => {
  test.each<[string, () => Call, { kind: string; status: string | null } | null, string]>([
    [
      "SES: no such mailbox",
      () => ses(sesBounce("Permanent", "5.1.1")),
      { kind: "HARD", status: "5.1.1" },
      "SUPPRESSED",
    ],
    [
      "SES: signed by SHA-1, as topics are by default",
      () => ses(sesBounce("Permanent", "5.1.1"), {}, { version: "1" }),
      { kind: "HARD", status: "5.1.1" },
      "SUPPRESSED",
    ],
    [
      "SES: permanent without more",
      () => ses(sesBounce("Permanent")),
      { kind: "HARD", status: "5.0.0" },
      "CONFIRMED",
    ],
    [
      "SES: passing",
      () => ses(sesBounce("Transient", "5.2.2")),
      { kind: "SOFT", status: "4.2.2" },
      "CONFIRMED",
    ],
    [
      "SES: with a subject",
      () => ses(sesBounce("Permanent", "5.1.1"), { Subject: "Amazon SES" }),
      { kind: "HARD", status: "5.1.1" },
      "SUPPRESSED",
    ],
    [
      "SES: a complaint",
      () =>
        ses({
          eventType: "Complaint",
          complaint: {
            complainedRecipients: [{ emailAddress: reader.email }],
            complaintFeedbackType: "abuse",
          },
          mail: sesMail(),
        }),
      { kind: "COMPLAINT", status: null },
      "SUPPRESSED",
    ],
    [
      "SES: no spam after all",
      () =>
        ses({
          eventType: "Complaint",
          complaint: {
            complainedRecipients: [{ emailAddress: reader.email }],
            complaintFeedbackType: "not-spam",
          },
          mail: sesMail(),
        }),
      null,
      "CONFIRMED",
    ],
    ["SES: delivered", () => ses({ notificationType: "Delivery", mail: sesMail() }), null, "CONFIRMED"],
    [
      "Postmark: hard",
      () => postmark({ Type: "HardBounce", Details: "smtp;550 5.1.1 unknown" }),
      { kind: "HARD", status: "5.1.1" },
      "SUPPRESSED",
    ],
    [
      "Postmark: passing",
      () => postmark({ Type: "SoftBounce", Details: "smtp;550 5.2.2 full" }),
      { kind: "SOFT", status: "4.0.0" },
      "CONFIRMED",
    ],
    [
      "Postmark: blocked as spam",
      () => postmark({ Type: "SpamNotification" }),
      { kind: "POLICY", status: "5.7.0" },
      "CONFIRMED",
    ],
    ["Postmark: out of office", () => postmark({ Type: "AutoResponder" }), null, "CONFIRMED"],
    [
      "Postmark: a complaint",
      () => postmark({ RecordType: "SpamComplaint", Type: "SpamComplaint" }),
      { kind: "COMPLAINT", status: null },
      "SUPPRESSED",
    ],
    [
      "Postmark: the password in the address",
      () => ({
        ...postmark({ Type: "BadEmailAddress" }),
        headers: {},
        query: `?${new URLSearchParams({ token: SECRETS.POSTMARK_WEBHOOK_SECRET })}`,
      }),
      { kind: "HARD", status: "5.1.1" },
      "SUPPRESSED",
    ],
    [
      "Mailgun: permanent",
      () =>
        mailgun({
          event: "failed",
          severity: "permanent",
          "delivery-status": { code: 550, "enhanced-code": "5.1.1", message: "no" },
        }),
      { kind: "HARD", status: "5.1.1" },
      "SUPPRESSED",
    ],
    [
      "Mailgun: on its own list",
      () =>
        mailgun({
          event: "failed",
          severity: "permanent",
          "delivery-status": { code: 605, message: "Not delivering to previously bounced address" },
        }),
      { kind: "HARD", status: null },
      "CONFIRMED",
    ],
    [
      "Mailgun: tries again itself",
      () =>
        mailgun({
          event: "failed",
          severity: "temporary",
          "delivery-status": { code: 451, message: "later" },
        }),
      null,
      "CONFIRMED",
    ],
    [
      "Mailgun: a complaint",
      () => mailgun({ event: "complained" }),
      { kind: "COMPLAINT", status: null },
      "SUPPRESSED",
    ],
    [
      "SendGrid: bounced",
      () => sendGrid([{ event: "bounce", type: "bounce", status: "5.1.1", reason: "550 5.1.1 no" }]),
      { kind: "HARD", status: "5.1.1" },
      "SUPPRESSED",
    ],
    [
      "SendGrid: blocked",
      () => sendGrid([{ event: "bounce", type: "blocked", status: "5.2.0", reason: "550 full" }]),
      { kind: "SOFT", status: "4.2.0" },
      "CONFIRMED",
    ],
    [
      "SendGrid: among others",
      () => sendGrid([{ event: "open" }, { event: "deferred" }, { event: "bounce", status: "5.1.1" }]),
      { kind: "HARD", status: "5.1.1" },
      "SUPPRESSED",
    ],
    [
      "SendGrid: a complaint",
      () => sendGrid([{ event: "spamreport" }]),
      { kind: "COMPLAINT", status: null },
      "SUPPRESSED",
    ],
  ])("%s", async (_name, call, expected, state) => {
    const made = call();
    expect([await post(made), await post(made)]).toEqual([200, 200]);
    expect(await kept()).toEqual(expected ? [{ ...expected, source: made.provider }] : []);
    expect(await status()).toBe(state);
  });
});

const bounced = () => [{ event: "bounce", status: "5.1.1" }];
const otherKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const other = makeCertificate(later(-24), later(24));

describe("what nobody signed is refused and changes nothing", () => {
  test.each<[string, () => Call]>([
    ["SES: another key", () => ses(sesBounce("Permanent", "5.1.1"), {}, { key: other.privateKey })],
    [
      "SES: another topic, rightly signed",
      () => ses(sesBounce("Permanent", "5.1.1"), { TopicArn: "arn:aws:sns:eu-west-1:999999999999:mail" }),
    ],
    [
      "SES: altered after it was signed",
      () => {
        const call = ses(sesBounce("Transient", "4.2.2"));
        return { ...call, body: call.body.replaceAll("Transient", "Permanent") };
      },
    ],
    [
      "SES: a certificate from elsewhere",
      () =>
        ses(sesBounce("Permanent", "5.1.1"), {
          SigningCertURL: "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem",
        }),
    ],
    ["SES: no message at all", () => ({ provider: "ses", body: "{}" })],
    ["Postmark: another password", () => postmark({ Type: "HardBounce" }, "b".repeat(32))],
    ["Postmark: no password", () => ({ ...postmark({ Type: "HardBounce" }), headers: {} })],
    ["Mailgun: another key", () => mailgun({ event: "complained" }, { key: "key-of-somebody-else" })],
    ["Mailgun: too old", () => mailgun({ event: "complained" }, { at: later(-13) })],
    ["Mailgun: of tomorrow", () => mailgun({ event: "complained" }, { at: later(1) })],
    ["SendGrid: another key", () => sendGrid(bounced(), { key: otherKeys.privateKey })],
    ["SendGrid: too old", () => sendGrid(bounced(), { at: later(-25) })],
    [
      "SendGrid: altered after it was signed",
      () => {
        const call = sendGrid([{ event: "open" }]);
        return { ...call, body: call.body.replace("open", "spamreport") };
      },
    ],
    ["SendGrid: no signature", () => ({ ...sendGrid(bounced()), headers: {} })],
    [
      "SendGrid: nonsense for a signature",
      () => ({ ...sendGrid(bounced()), headers: { "X-Twilio-Email-Event-Webhook-Signature": "AAAA" } }),
    ],
  ])("%s", async (_name, call) => {
    expect(await post(call())).toBe(403);
    expect(await kept()).toEqual([]);
    expect(await status()).toBe("CONFIRMED");
  });

  test("SES: a certificate that is over", async () => {
    const old = makeCertificate(later(-48), later(-24));
    expect(
      await post(ses(sesBounce("Permanent", "5.1.1"), {}, { key: old.privateKey }), SECRETS, old.pem),
    ).toBe(403);
  });
});

test("a provider without its secret does not exist, nor one that nobody knows", async () => {
  const calls = [
    ses(sesBounce("Permanent", "5.1.1")),
    postmark({ Type: "HardBounce" }),
    mailgun({ event: "complained" }),
    sendGrid(bounced()),
  ];
  for (const call of calls) expect([call.provider, await post(call, {})]).toEqual([call.provider, 404]);
  expect(await post({ provider: "__proto__", body: "{}" })).toBe(404);
  expect(fetched).toEqual([]);
});

test("an SNS subscription is confirmed by nobody but the operator", async () => {
  const opened = vi.spyOn(globalThis, "fetch");
  const SubscribeURL = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc";
  expect(
    await post(
      ses({}, { Type: "SubscriptionConfirmation", Message: "You have chosen…", Token: "abc", SubscribeURL }),
    ),
  ).toBe(200);
  expect(opened).not.toHaveBeenCalled();
  expect(fetched).toEqual([CERTIFICATE_URL]);
});

test.each([
  "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
  "https://s3.amazonaws.com/SimpleNotificationService-1.pem",
  "https://evil.sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
  "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-1.pem",
  "https://a@sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
  "https://sns.eu-west-1.amazonaws.com/../SimpleNotificationService.pem",
  "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem?x=1",
  "https://169.254.169.254/SimpleNotificationService-1.pem",
  "file:///etc/passwd",
  "nonsense",
])("no certificate is fetched from %s", (address) => {
  expect(isSnsCertificate(address)).toBe(false);
  expect(isSnsCertificate(CERTIFICATE_URL)).toBe(true);
});

test("a body without end is refused", async () => {
  expect(await post({ provider: "postmark", body: "x".repeat(3 * 1024 * 1024) })).toBe(413);
});
