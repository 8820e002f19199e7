import { expect, test } from "vitest";
import { createMailer } from "@/lib/mail/mailer";
import { useTestDatabase } from "@/prisma/test-database";
import { useSending } from "./send.fixture";
import { countStates, prepareIssue } from "./sending.fixture";
import { listJournals } from "./stored-journals";

const database = useTestDatabase({ emptyEachTime: true });
const sending = useSending(database);

test("a message without an answer holds up nobody once the journal is full, and stays in it", async () => {
  const { db } = database;
  await sending.startServer((to) => (to === readers[0]?.email ? { at: "slow", ms: 60_000 } : null));
  sending.mailer = createMailer(sending.server.url, { connections: 4, answerTimeoutMs: 60_000 });
  const { readers } = await prepareIssue(db, { readers: 60 });
  const { journal } = sending;
  // As if a thousand times as many messages had been sent.
  sending.journal = {
    ...journal,
    get size() {
      return journal.size * 1_000;
    },
  };
  let fate: unknown;
  await sending.until(async () => {
    const { SENT, SENDING } = await countStates(db);
    if (SENT !== 59 || SENDING !== 1) return false;
    const waiting = await db.delivery.findFirstOrThrow({ where: { state: "SENDING" } });
    fate = listJournals(sending.folder)[0]?.fateOf(waiting.id, waiting.attempt)?.state;
    sending.server.hangUp();
    return true;
  });
  expect(fate).toBe("begun");
  expect(await countStates(db)).toEqual({ SENT: 59, UNCERTAIN: 1 });
});
