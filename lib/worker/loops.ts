/** What a worker does over and over. Each loop stands by itself: one that fails holds up no other. */
import { DATABASE_NOW } from "@/lib/deliveries/clock";
import { recoverDeliveries } from "@/lib/deliveries/recover";
import { sendDeliveries } from "@/lib/deliveries/send";
import { getEnv } from "@/lib/env";
import { keepMark } from "@/lib/installation/restore";
import { runLoop, runUntilDone } from "./loop";
import { runQueue } from "./queue";
import {
  compact,
  followWaitingEvents,
  lookAtSlot,
  prepareWaiting,
  prune,
  publishDue,
  reconcile,
  remindOfGifts,
  sendNotices,
  type WorkerServices,
} from "./work";

/** How long work waits at the most whose job was lost, or that became due by itself. */
const LOOK_EVERY_MS = 5_000;
/** What the queue's timetable does once over all workers is also done without it. */
const TIDY_EVERY_MS = 3_600_000;
const BEAT_EVERY_MS = 5_000;
const RECOVER_EVERY_MS = 15_000;

/** Resolves when every loop has ended, which it does after `signal`. */
export async function runLoops(services: WorkerServices): Promise<void> {
  const { db, ledger, news, issueMailer: mailer, signer, limits, bell, journal, signal } = services;
  const every = (name: string, pauseMs: number, work: (services: WorkerServices) => Promise<unknown>) =>
    runLoop(name, () => work(services).then(() => "idle"), { pauseMs, signal });
  // Before anything could be sent.
  const mark = () => keepMark(db, { folder: services.journalFolder });
  if (!(await runUntilDone("mark", mark, { signal }))) return;
  await Promise.all([
    every("mark", BEAT_EVERY_MS, mark),
    runQueue(services),
    sendDeliveries(db, { ledger, news, mailer, signer, limits, bell, journal, signal }),
    every("heartbeat", BEAT_EVERY_MS, beat),
    every("recover", RECOVER_EVERY_MS, ({ journalFolder: folder }) =>
      recoverDeliveries(db, { folder, policy: getEnv().UNCERTAIN_POLICY }),
    ),
    every("publish", LOOK_EVERY_MS, async () => {
      await publishDue(services);
      await prepareWaiting(services);
    }),
    every("notices", LOOK_EVERY_MS, sendNotices),
    every("stripe-events", LOOK_EVERY_MS, followWaitingEvents),
    every("reconcile", LOOK_EVERY_MS, reconcile),
    every("slot", TIDY_EVERY_MS, lookAtSlot),
    every("gift-ends", TIDY_EVERY_MS, remindOfGifts),
    every("prune", TIDY_EVERY_MS, prune),
    every("compact", TIDY_EVERY_MS, compact),
  ]);
}

async function beat({ db, journal }: WorkerServices): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "WorkerHeartbeat" (id, "startedAt", "seenAt")
    VALUES (${journal.incarnation}, ${DATABASE_NOW}, ${DATABASE_NOW})
    ON CONFLICT (id) DO UPDATE SET "seenAt" = ${DATABASE_NOW}`;
}
