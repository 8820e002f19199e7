import { expect, test } from "vitest";
import { NOT_WRITTEN } from "@/lib/deliveries/outcome";
import { resolveUncertain } from "@/lib/deliveries/pause";
import { NOW, prepareIssue } from "@/lib/deliveries/sending.fixture";
import { useTestDatabase } from "@/prisma/test-database";
import { metricsText } from "./metrics";
import { getVitals } from "./vitals";

const database = useTestDatabase({ emptyEachTime: true });
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);

test("an installation in which nothing happened has zeros and no workers", async () => {
  const vitals = await getVitals(database.db);
  expect(vitals).toMatchObject({
    deliveries: { queued: 0, sending: 0, deferred: 0, uncertain: 0 },
    oldestDueSeconds: 0,
    workers: { count: 0, youngestSeconds: null },
    reconciliation: null,
  });
  expect(metricsText(vitals)).not.toContain("masthead_worker_last_seen_seconds ");
});

test("what waits is counted with how long it has waited, what went out with when", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 8 });
  const [first, second, third, fourth, fifth, sixth, seventh] = await db.delivery.findMany({
    orderBy: { id: "asc" },
  });
  const change = (row: { id: bigint } | undefined, data: object) =>
    db.delivery.update({ where: { id: row?.id ?? 0n }, data });
  await db.delivery.updateMany({ data: { createdAt: ago(100), nextAttemptAt: ago(90) } });
  await change(first, { state: "SENT", nextAttemptAt: ago(10) });
  await change(second, { state: "SENT", nextAttemptAt: ago(1_000) });
  await change(third, { state: "FAILED", smtpCode: 550, nextAttemptAt: ago(20) });
  await change(fourth, { state: "DEFERRED", nextAttemptAt: ago(-600) });
  await change(sixth, { state: "UNCERTAIN", nextAttemptAt: ago(20) });
  await resolveUncertain(db, issue.id, "leave");
  await change(seventh, { state: "FAILED", reply: `${NOT_WRITTEN}no address`, nextAttemptAt: ago(20) });
  // A row that was put back to the front of the queue has not waited since 1970.
  await change(fifth, { nextAttemptAt: new Date(0) });
  await db.workerHeartbeat.createMany({
    data: [
      { id: "alive", startedAt: NOW, seenAt: ago(4) },
      { id: "gone", startedAt: NOW, seenAt: ago(400) },
    ],
  });
  await db.stripeEvent.create({ data: { id: "evt_1", type: "invoice.paid", receivedAt: ago(30) } });
  const vitals = await getVitals(db);
  expect(vitals).toMatchObject({
    deliveries: { queued: 2, sending: 0, deferred: 1, uncertain: 0 },
    sentLastMinute: 1,
    sentLastHour: 2,
    refusedLastHour: 1,
    unwrittenLastHour: 1,
    held: { queued: 0, deferred: 0 },
    workers: { count: 1 },
    stripeEvents: { waiting: 1 },
  });
  expect(vitals.oldestDueSeconds).toBeGreaterThan(89);
  expect(vitals.oldestDueSeconds).toBeLessThan(200);
  expect(vitals.stripeEvents.oldestSeconds).toBeGreaterThan(29);
  await db.issue.update({ where: { id: issue.id }, data: { sendingPausedAt: NOW } });
  expect(await getVitals(db)).toMatchObject({
    oldestDueSeconds: 0,
    pausedIssues: 1,
    held: { queued: 2, deferred: 1 },
  });
});

test("metrics are lines that Prometheus reads", async () => {
  const text = metricsText(await getVitals(database.db));
  expect(text).toContain('masthead_deliveries_open{state="queued"} 0\n');
  const line = /^(?:# (?:HELP|TYPE) masthead_\w+ .+|masthead_\w+(?:\{\w+="[^"]*"\})? -?\d+(?:\.\d+)?)$/;
  for (const each of text.trimEnd().split("\n")) expect(each).toMatch(line);
});
