/** What a worker does over and over. Each loop stands by itself: one that fails holds up no other. */
import type Stripe from "stripe";
import { pruneSignInRequests } from "@/lib/auth/request-sign-in";
import type { Database } from "@/lib/db";
import type { Journal } from "@/lib/deliveries/journal";
import { listUnprepared, prepareDeliveries } from "@/lib/deliveries/prepare";
import { recoverDeliveries } from "@/lib/deliveries/recover";
import { sendDeliveries } from "@/lib/deliveries/send";
import { sendDueNotices } from "@/lib/deliveries/send-notices";
import { getEnv } from "@/lib/env";
import type { ImageStorage } from "@/lib/issues/images/storage";
import { listDueIssues, mailFromArchive, publishIssue } from "@/lib/issues/publish";
import { log } from "@/lib/log";
import type { Mailer } from "@/lib/mail/mailer";
import { forgetGifts } from "@/lib/memberships/gifts/forget-gifts";
import { remindOfGiftEnds } from "@/lib/memberships/gifts/gift-ends";
import { handleStripeEvent, listUnhandledEvents } from "@/lib/memberships/handle-stripe-event";
import { runAskedReconciliation, runReconciliation } from "@/lib/memberships/reconciliations";
import { announceChange } from "@/lib/publication/announce-change";
import { pruneRateLimits } from "@/lib/rate-limit";
import { runLoop } from "./loop";

export type WorkerServices = {
  db: Database;
  stripe: Stripe;
  issueMailer: Mailer;
  noticeMailer: Mailer;
  images: ImageStorage;
  journal: Journal;
  journalFolder: string;
  signal: AbortSignal;
};

type Work = "more" | "idle";

/** Resolves when every loop has ended, which it does after `signal`. */
export async function runLoops(services: WorkerServices): Promise<void> {
  const { signal } = services;
  const every = (name: string, pauseMs: number, work: (services: WorkerServices) => Promise<Work>) =>
    runLoop(name, () => work(services), { pauseMs, signal });
  await Promise.all([
    every("heartbeat", 5_000, beat),
    every("recover", 15_000, recover),
    every("publish", 1_000, publish),
    every("prepare", 500, prepare),
    sendDeliveries(services.db, { mailer: services.issueMailer, journal: services.journal, signal }),
    every("notices", 250, notices),
    every("stripe-events", 500, stripeEvents),
    every("reconcile", 3_600_000, reconcile),
    every("reconcile-asked", 2_000, reconcileAsked),
    every("gift-ends", 600_000, giftEnds),
    every("prune", 3_600_000, prune),
  ]);
}

async function beat({ db, journal }: WorkerServices): Promise<Work> {
  const now = new Date();
  await db.workerHeartbeat.upsert({
    where: { id: journal.incarnation },
    create: { id: journal.incarnation, startedAt: now, seenAt: now },
    update: { seenAt: now },
  });
  return "idle";
}

async function recover({ db, journalFolder }: WorkerServices): Promise<Work> {
  await recoverDeliveries(db, { folder: journalFolder });
  return "idle";
}

async function publish({ db }: WorkerServices): Promise<Work> {
  const now = new Date();
  for (const { id, slug } of await listDueIssues(db, now)) {
    if (await mailFromArchive(db, id, { now })) log.info({ event: "issues.mail-released", issueId: id });
    if (!(await publishIssue(db, id, { now }))) continue;
    log.info({ event: "issues.published", issueId: id });
    await announceChange(["issues", "publication", `issue:${slug}`]);
  }
  return "idle";
}

/** One issue that cannot be prepared holds up no other; it stays visible by its error. */
async function prepare({ db, images }: WorkerServices): Promise<Work> {
  const failures: unknown[] = [];
  for (const { id } of await listUnprepared(db)) {
    try {
      await prepareDeliveries(db, id, { now: new Date(), images });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return "idle";
}

async function notices({ db, noticeMailer, images }: WorkerServices): Promise<Work> {
  const settled = await sendDueNotices(db, { mailer: noticeMailer, images, now: new Date() });
  return settled > 0 ? "more" : "idle";
}

async function stripeEvents({ db, stripe }: WorkerServices): Promise<Work> {
  const services = { now: new Date(), publicUrl: getEnv().PUBLIC_URL };
  const failures: unknown[] = [];
  for (const { id } of await listUnhandledEvents(db)) {
    try {
      await handleStripeEvent(db, stripe, id, services);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return "idle";
}

async function reconcile({ db, stripe }: WorkerServices): Promise<Work> {
  await runReconciliation(db, stripe, { now: new Date(), publicUrl: getEnv().PUBLIC_URL });
  return "idle";
}

/** What the author asked for on the desk does not wait for the hour. */
async function reconcileAsked({ db, stripe }: WorkerServices): Promise<Work> {
  await runAskedReconciliation(db, stripe, { now: new Date(), publicUrl: getEnv().PUBLIC_URL });
  return "idle";
}

async function giftEnds({ db }: WorkerServices): Promise<Work> {
  await remindOfGiftEnds(db, { now: new Date(), publicUrl: getEnv().PUBLIC_URL });
  return "idle";
}

async function prune({ db }: WorkerServices): Promise<Work> {
  const now = new Date();
  await pruneSignInRequests(db, { now });
  await pruneRateLimits(db, { now });
  await forgetGifts(db, { now });
  await db.workerHeartbeat.deleteMany({ where: { seenAt: { lt: new Date(now.getTime() - 86_400_000) } } });
  return "idle";
}
