import { generateKeyPairSync, sign } from "node:crypto";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { eraseSubscriber } from "@/lib/subscribers/erase";
import { importSubscribers } from "@/lib/subscribers/import-csv";
import { createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { prepareIssue } from "../../sending.fixture";
import { makeCertificate } from "./certificate.fixture";
import { signedText } from "./ses";
import { type TakenWebhook, takeWebhook } from "./take-webhook";

const database = useTestDatabase({ emptyEachTime: true });
const NOW = new Date("2026-11-20T12:00:00Z");

const sendGridKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const certificate = makeCertificate(
  new Date(NOW.getTime() - 86_400_000),
  new Date(NOW.getTime() + 86_400_000),
);
const secrets = {
  SES_TOPIC_ARN: "arn:aws:sns:eu-west-1:123456789012:mail",
  POSTMARK_WEBHOOK_SECRET: "a password of thirty-two letters",
  MAILGUN_WEBHOOK_KEY: "key-0123456789abcdef",
  SENDGRID_WEBHOOK_KEY: sendGridKeys.publicKey.export({ type: "spki", format: "der" }).toString("base64"),
};

let readers: { id: string; email: string }[];

beforeEach(async () => {
  readers = [await createSubscriber(database.db), await createSubscriber(database.db)];
});

function take(provider: string, body: string, headers: Record<string, string> = {}): Promise<TakenWebhook> {
  const request = {
    headers: new Headers(headers),
    url: new URL("http://127.0.0.1/"),
    body: Buffer.from(body),
  };
  return takeWebhook(database.db, provider, request, {
    secrets,
    fetchCertificate: async () => certificate.pem,
    now: NOW,
  });
}

function sendGrid(events: object[]): Promise<TakenWebhook> {
  const body = JSON.stringify(events);
  const timestamp = String(NOW.getTime() / 1_000);
  return take("sendgrid", body, {
    "X-Twilio-Email-Event-Webhook-Signature": sign(
      "sha256",
      Buffer.from(timestamp + body),
      sendGridKeys.privateKey,
    ).toString("base64"),
    "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
  });
}

/** `id` as it stands in the body: a number of Postmark's may be longer than JavaScript's. */
function postmark(id: string, record: object): Promise<TakenWebhook> {
  const fields = JSON.stringify({ RecordType: "Bounce", ...record }).slice(1);
  const password = Buffer.from(`masthead:${secrets.POSTMARK_WEBHOOK_SECRET}`).toString("base64");
  return take("postmark", `{"ID":${id},${fields}`, { authorization: `Basic ${password}` });
}

function ses(told: string): Promise<TakenWebhook> {
  const message = {
    Type: "Notification",
    MessageId: "sns-1",
    TopicArn: secrets.SES_TOPIC_ARN,
    Message: told,
    Timestamp: NOW.toISOString(),
    SignatureVersion: "2",
    SigningCertURL: "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem",
  };
  const Signature = sign("sha256", Buffer.from(signedText(message)), certificate.privateKey).toString(
    "base64",
  );
  return take("ses", JSON.stringify({ ...message, Signature }));
}

const bounced = (email: string | undefined, event: object = {}) => ({
  event: "bounce",
  email,
  sg_event_id: `sg-${email}`,
  status: "5.1.1",
  ...event,
});
const closed = async () =>
  (await database.db.subscriber.findMany({ where: { status: "SUPPRESSED" } })).map(({ id }) => id).sort();

test("a control character in one event is no reason to lose it, nor the others of its request", async () => {
  const [one, other] = readers;
  const events = [bounced(one?.email, { reason: "550 5.1.1 gone\0" }), bounced(other?.email)];
  expect(await sendGrid(events)).toEqual({ events: 2 });
  expect(await closed()).toEqual([one?.id, other?.id].sort());
});

test("what cannot be kept is asked for again, after all others of its request were kept", async () => {
  const [one, other] = readers;
  const events = [bounced(one?.email, { sg_event_id: "\0" }), bounced(other?.email)];
  await expect(sendGrid(events)).rejects.toThrow("1 of 2 events could not be kept.");
  expect(await closed()).toEqual([other?.id]);
});

test("while the database is away not all of a long request is tried", async () => {
  const begun = vi.spyOn(database.db, "$transaction").mockRejectedValue(new Error("away"));
  const events = Array.from({ length: 100 }, (_, index) =>
    bounced(readers[0]?.email, { sg_event_id: `${index}` }),
  );
  await expect(sendGrid(events)).rejects.toThrow("10 of 100 events could not be kept.");
  expect(begun).toHaveBeenCalledTimes(10);
});

test("two bounces of Postmark's whose numbers JavaScript cannot tell apart both count, and each once", async () => {
  const [one, other] = readers;
  const calls = [
    ["4323372036854775807", { Type: "BadEmailAddress", Email: one?.email }],
    ["4323372036854775806", { Type: "BadEmailAddress", Email: other?.email }],
    ["4323372036854775805", { Type: "SoftBounce", Email: other?.email }],
  ] as const;
  for (const [id, record] of [...calls, ...calls]) expect(await postmark(id, record)).toEqual({ events: 1 });
  expect(await closed()).toEqual([one?.id, other?.id].sort());
  const kept = await database.db.bounce.findMany();
  expect(kept).toHaveLength(3);
  for (const { reportKey } of kept) expect(reportKey).not.toContain("@");
});

test.each([
  ["Bounced Address", 1],
  ["Invalid", 1],
  ["Invalid SMTPAPI header", 0],
  ["Spam Reporting Address", 0],
  ["Unsubscribed Address", 0],
])("SendGrid drops for %j: counted against the reader %i times", async (reason, times) => {
  await sendGrid([{ event: "dropped", email: readers[0]?.email, sg_event_id: "1", reason }]);
  expect(await database.db.bounce.count()).toBe(times);
});

test.each(["Successfully validated SNS topic for Amazon SES event publishing.", "null", "[]"])(
  "what SNS signed without an event in it is no event, and nothing to refuse: %j",
  async (told) => {
    expect(await ses(told)).toEqual({ events: 0 });
  },
);

describe("a complaint about an address that nobody here has any more", () => {
  const complaint = (email: string) => ({ RecordType: "SpamComplaint", Type: "SpamComplaint", Email: email });
  const importAgain = (email: string) =>
    importSubscribers(database.db, Readable.from([Buffer.from(`email\n${email}\n`)]), {
      confirmed: true,
      source: "a list",
      now: NOW,
    });
  const erase = (subscriberId: string) =>
    eraseSubscriber(database.db, subscriberId, {
      now: NOW,
      cancelMembership: async () => undefined,
      isAuthor: async () => false,
    });
  const gets = (email: string) => database.db.subscriber.count({ where: { email, status: "CONFIRMED" } });

  test("keeps it closed when a list brings it again", async () => {
    const reader = await createSubscriber(database.db);
    await erase(reader.id);
    for (let times = 0; times < 2; times += 1) await postmark("1", complaint(reader.email.toUpperCase()));
    await importAgain(reader.email);
    expect(await gets(reader.email)).toBe(0);
  });

  test("keeps it closed as well where the mail is still known", async () => {
    await prepareIssue(database.db, { readers: 0 });
    const [reader] = readers;
    const subscriberId = reader?.id ?? "";
    await database.db.delivery.updateMany({ data: { attempt: 1, state: "SENT" } });
    const { messageId } = await database.db.delivery.findFirstOrThrow({ where: { subscriberId } });
    await erase(subscriberId);
    const event = { event: "spamreport", email: reader?.email, sg_event_id: "1", "smtp-id": messageId };
    expect(await sendGrid([event])).toEqual({ events: 1 });
    await importAgain(reader?.email ?? "");
    expect(await gets(reader?.email ?? "")).toBe(0);
  });

  test("never closes an author's, who could not sign in any more", async () => {
    await database.db.author.create({ data: { email: "author@example.com" } });
    await postmark("1", complaint("author@example.com"));
    expect(await database.db.suppression.count()).toBe(0);
  });

  test("closes nothing where it is a bounce", async () => {
    await postmark("1", { Type: "BadEmailAddress", Email: "gone@example.com" });
    expect(await database.db.suppression.count()).toBe(0);
  });
});
