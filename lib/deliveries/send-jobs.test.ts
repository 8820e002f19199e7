import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "@/lib/db";
import { askForJobsAt, askForNoMoreJobs } from "@/lib/jobs";
import { useTestDatabase } from "@/prisma/test-database";
import { pauseSending, resolveUncertain, resumeSending } from "./pause";
import { sendToMissed } from "./send-to-missed";
import { createReaders, NOW, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });

beforeEach(() => askForJobsAt(database.url));
afterEach(async () => {
  await askForNoMoreJobs();
  await database.db.$executeRaw`DELETE FROM pgboss.job`;
});

const askedToSend = () =>
  database.db.$queryRaw<{ data: unknown }[]>`SELECT data FROM pgboss.job WHERE name = 'send'`;

async function askedAfter(change: (db: Database, issueId: string) => Promise<unknown>) {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 2 });
  await db.$executeRaw`DELETE FROM pgboss.job`;
  await change(db, issue.id);
  return { asked: (await askedToSend()).map(({ data }) => data), wanted: [{ issueId: issue.id }] };
}

test.each([2, 0])("a frozen audience of %d asks to be sent to, unless it is nobody", async (readers) => {
  const { issue } = await prepareIssue(database.db, { readers });
  const asked = (await askedToSend()).map(({ data }) => data);
  expect(asked).toEqual(readers > 0 ? [{ issueId: issue.id }] : []);
});

test.each<[string, (db: Database, issueId: string) => Promise<unknown>]>([
  [
    "resuming",
    async (db, issueId) => {
      await pauseSending(db, issueId, { reason: "by the author", now: NOW });
      await resumeSending(db, issueId);
    },
  ],
  [
    "sending to those missed",
    async (db, issueId) => {
      await createReaders(db, 1);
      await sendToMissed(db, issueId, { now: NOW });
    },
  ],
  [
    "mailing again what is uncertain",
    async (db, issueId) => {
      await db.delivery.updateMany({ data: { state: "UNCERTAIN" } });
      await resolveUncertain(db, issueId, "resend");
    },
  ],
])("%s asks for the sending to go on", async (_name, change) => {
  const { asked, wanted } = await askedAfter(change);
  expect(asked).toEqual(wanted);
});

test.each<[string, (db: Database, issueId: string) => Promise<unknown>]>([
  ["resuming what is not paused", resumeSending],
  ["sending to nobody who was missed", (db, issueId) => sendToMissed(db, issueId, { now: NOW })],
  [
    "leaving what is uncertain",
    async (db, issueId) => {
      await db.delivery.updateMany({ data: { state: "UNCERTAIN" } });
      await resolveUncertain(db, issueId, "leave");
    },
  ],
])("%s asks for nothing", async (_name, change) => {
  expect((await askedAfter(change)).asked).toEqual([]);
});
