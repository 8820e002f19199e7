import { generateKeyPairSync, sign } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import { createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { type TakenWebhook, takeWebhook } from "./take-webhook";

const database = useTestDatabase({ emptyEachTime: true });
const NOW = new Date("2026-11-20T12:00:00Z");

const sendGridKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
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
    fetchCertificate: () => Promise.reject(new Error("Nobody is asked.")),
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
