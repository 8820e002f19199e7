import { beforeAll, expect, test, vi } from "vitest";
import * as environment from "@/lib/env";
import { returnPath } from "@/lib/mail/return-path";
import { createIssue, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { corpus, forgeries, type Sample, type Subject } from "./corpus.fixture";
import { COMPLAINTS } from "./listen";
import { takeReport } from "./take-report";

const database = useTestDatabase();
const bounceDomain = "bounce.example.com";
const COMPLAINT_ADDRESS = `${COMPLAINTS}@${bounceDomain}`;
const NOW = new Date("2026-11-20T09:00:00Z");
const READERS = 230;

let subjects: (Subject & { deliveryId: bigint })[];

function useBounceDomain() {
  const env = environment.getEnv();
  vi.spyOn(environment, "getEnv").mockReturnValue({ ...env, BOUNCE_DOMAIN: bounceDomain });
}

beforeAll(async () => {
  const { db } = database;
  const issue = await createIssue(db, { state: "PUBLISHED", publishedAt: NOW });
  const readers = await db.subscriber.createManyAndReturn({
    data: Array.from({ length: READERS }, (_, index) => ({
      email: `reader${index}@example.net`,
      status: "CONFIRMED" as const,
    })),
  });
  const deliveries = await db.delivery.createManyAndReturn({
    data: readers.map(({ id }, index) => ({
      issueId: issue.id,
      subscriberId: id,
      messageId: `<${issue.id}.${index.toString(16).padStart(20, "0")}@example.com>`,
      state: "SENT" as const,
      attempt: 1,
      sentAt: NOW,
    })),
  });
  useBounceDomain();
  subjects = deliveries.map(({ id, messageId }, index) => ({
    deliveryId: id,
    returnPath: returnPath(id),
    messageId,
    reader: `reader${index}@example.net`,
  }));
});

const subjectOf = (index: number) => {
  const subject = subjects[index];
  if (!subject) throw new Error("There are more reports than readers.");
  return subject;
};

async function take({ to, source }: Pick<Sample, "to" | "source">) {
  return takeReport(database.db, { to, source: Buffer.from(source) }, { now: NOW });
}

test("scorecard 26: 200 reports in the shapes of real servers are read right, each for its own delivery", async () => {
  useBounceDomain();
  const samples = corpus(subjectOf, COMPLAINT_ADDRESS);
  expect(samples.length).toBeGreaterThanOrEqual(200);
  const wrong: string[] = [];
  for (const sample of samples) {
    const taken = await take(sample);
    const got = typeof taken === "string" ? taken : taken.kind;
    if (got !== sample.expect) wrong.push(`${sample.name}: ${got} instead of ${sample.expect}`);
  }
  expect(wrong).toEqual([]);
  const kept = new Map((await database.db.bounce.findMany()).map((row) => [row.deliveryId, row.kind]));
  for (const [index, { name, expect: kind }] of samples.entries()) {
    expect([name, kept.get(subjectOf(index).deliveryId) ?? "nothing"]).toEqual([name, kind]);
  }
});

test("B88: 50 forged reports end nobody's mail", async () => {
  useBounceDomain();
  const victim = await victimOf();
  const before = await database.db.bounce.count();
  const forged = forgeries(victim, COMPLAINT_ADDRESS);
  expect(forged.length).toBeGreaterThanOrEqual(50);
  for (const each of forged) expect([each.name, await take(each)]).toEqual([each.name, "not ours"]);
  expect(await database.db.bounce.count()).toBe(before);
});

/** Somebody whom no report of the corpus is about. */
async function victimOf(): Promise<Subject> {
  const reader = await createSubscriber(database.db);
  const issue = await database.db.issue.findFirstOrThrow();
  const delivery = await database.db.delivery.create({
    data: {
      issueId: issue.id,
      subscriberId: reader.id,
      messageId: `<${issue.id}.${reader.id}@example.com>`,
      state: "SENT",
      attempt: 1,
    },
  });
  return { returnPath: returnPath(delivery.id), messageId: delivery.messageId, reader: reader.email };
}

test("the forged ones fail for their address alone: the same report to the right address counts", async () => {
  useBounceDomain();
  const victim = await victimOf();
  const [first] = forgeries(victim, COMPLAINT_ADDRESS);
  expect(await take({ to: victim.returnPath, source: first?.source ?? "" })).toMatchObject({ kind: "HARD" });
});
