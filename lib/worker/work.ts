/**
 * What workers do when a job wakes them, and every few seconds by looking. Each piece finds in our own tables what waits,
 * so it may be called at any time, twice, and by several workers at once. Moments are those of the database's clock.
 */
import type Stripe from "stripe";
import { pruneSignInRequests } from "@/lib/auth/request-sign-in";
import { type Database, databaseNow } from "@/lib/db";
import type { Bell } from "@/lib/deliveries/bell";
import { compactLedgers } from "@/lib/deliveries/compact";
import type { Journal } from "@/lib/deliveries/journal";
import type { Ledger } from "@/lib/deliveries/ledger";
import type { News } from "@/lib/deliveries/news";
import { pruneBudgets } from "@/lib/deliveries/pace/budget";
import type { SendingLimits } from "@/lib/deliveries/pace/limits";
import { holdLateIssues, listUnprepared, prepareDeliveries } from "@/lib/deliveries/prepare";
import { sendDueNotices } from "@/lib/deliveries/send-notices";
import { getEnv } from "@/lib/env";
import type { ImageStorage } from "@/lib/issues/images/storage";
import { listDueIssues, mailFromArchive, publishIssue } from "@/lib/issues/publish";
import { tellOfEmptySlot, tellOfMissedMoments } from "@/lib/issues/tell-author";
import { log } from "@/lib/log";
import type { Signer } from "@/lib/mail/dkim";
import type { Mailer } from "@/lib/mail/mailer";
import { forgetGifts } from "@/lib/memberships/gifts/forget-gifts";
import { remindOfGiftEnds } from "@/lib/memberships/gifts/gift-ends";
import { handleStripeEvent, listUnhandledEvents } from "@/lib/memberships/handle-stripe-event";
import { askForReconciliation, runAskedReconciliation } from "@/lib/memberships/reconciliations";
import { announceChange } from "@/lib/publication/announce-change";
import { pruneRateLimits } from "@/lib/rate-limit";

export type WorkerServices = {
  db: Database;
  databaseUrl: string;
  ledger: Ledger;
  news: News;
  stripe: Stripe;
  issueMailer: Mailer;
  noticeMailer: Mailer;
  signer: Signer | null;
  limits: SendingLimits;
  /** Tells this worker that there is something to send. */
  bell: Bell;
  images: ImageStorage;
  journal: Journal;
  journalFolder: string;
  signal: AbortSignal;
};

const RECONCILE_EVERY_MS = 3_600_000;
const SILENT_WORKER_MS = 86_400_000;

export async function publishDue({ db }: WorkerServices): Promise<void> {
  const now = await databaseNow(db);
  for (const { id, slug } of await listDueIssues(db, now)) {
    if (await mailFromArchive(db, id, { now })) log.info({ event: "issues.mail-released", issueId: id });
    if (!(await publishIssue(db, id, { now }))) continue;
    log.info({ event: "issues.published", issueId: id });
    await announceChange(["issues", "publication", `issue:${slug}`]);
  }
  await tellOfMissedMoments(db, { now });
}

export async function lookAtSlot({ db }: WorkerServices): Promise<void> {
  await tellOfEmptySlot(db, { now: await databaseNow(db) });
}

/** One issue that cannot be prepared holds up no other; it stays visible by its error. */
export async function prepareWaiting({ db, images }: WorkerServices): Promise<void> {
  const now = await databaseNow(db);
  await holdLateIssues(db, { now });
  await eachOf(await listUnprepared(db), async ({ id, slug }) => {
    const { outcome } = await prepareDeliveries(db, id, { now, images });
    // Whoever asked for the page at the very moment of publication may have left "not found" in the cache.
    if (outcome === "prepared") await announceChange([`issue:${slug}`]);
  });
}

export async function sendNotices({
  db,
  noticeMailer: mailer,
  signer,
  images,
  signal,
}: WorkerServices): Promise<void> {
  let settled = 1;
  while (settled > 0 && !signal.aborted) {
    settled = await sendDueNotices(db, { mailer, signer, images, now: await databaseNow(db) });
  }
}

export async function followEvent({ db, stripe }: WorkerServices, eventId: string): Promise<void> {
  const services = { now: await databaseNow(db), publicUrl: getEnv().PUBLIC_URL };
  await handleStripeEvent(db, stripe, eventId, services);
}

export async function followWaitingEvents(services: WorkerServices): Promise<void> {
  await eachOf(await listUnhandledEvents(services.db), ({ id }) => followEvent(services, id));
}

/** By the hour, counted over all workers, and when the author asked. */
export async function reconcile({ db, stripe }: WorkerServices): Promise<void> {
  const now = await databaseNow(db);
  await askForReconciliation(db, { now, unlessSince: new Date(now.getTime() - RECONCILE_EVERY_MS) });
  await runAskedReconciliation(db, stripe, { now, publicUrl: getEnv().PUBLIC_URL });
}

export async function remindOfGifts({ db }: WorkerServices): Promise<void> {
  await remindOfGiftEnds(db, { now: await databaseNow(db), publicUrl: getEnv().PUBLIC_URL });
}

export async function prune({ db }: WorkerServices): Promise<void> {
  const now = await databaseNow(db);
  await pruneSignInRequests(db, { now });
  await pruneRateLimits(db, { now });
  await forgetGifts(db, { now });
  await pruneBudgets(db, { now });
  const silentSince = new Date(now.getTime() - SILENT_WORKER_MS);
  await db.workerHeartbeat.deleteMany({ where: { seenAt: { lt: silentSince } } });
}

export async function compact({ db, signal }: WorkerServices): Promise<void> {
  await compactLedgers(db, {
    now: await databaseNow(db),
    afterDays: getEnv().COMPACT_LEDGERS_AFTER_DAYS,
    signal,
  });
}

/** One that fails holds up no other; the first failure is thrown when all were tried. */
async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) await work(item).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
