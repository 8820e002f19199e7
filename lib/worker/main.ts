/**
 * The worker process: publishes what is due, sends, follows up on Stripe. Any number may run against one database. On
 * SIGTERM, SIGINT or the end of its parent it takes nothing new, finishes what is in flight and exits.
 */
import { createDatabase, type Database } from "@/lib/db";
import { createBell } from "@/lib/deliveries/bell";
import { openJournal } from "@/lib/deliveries/journal";
import { openLedger } from "@/lib/deliveries/ledger";
import { hearNews } from "@/lib/deliveries/news";
import { sendingLimitsOf } from "@/lib/deliveries/pace/limits";
import { getEnv } from "@/lib/env";
import { createDiskStorage } from "@/lib/issues/images/storage";
import { askForJobsAt, askForNoMoreJobs } from "@/lib/jobs";
import { log } from "@/lib/log";
import { createSigner } from "@/lib/mail/dkim";
import { loadDkimKey } from "@/lib/mail/dkim-key";
import { createMailer } from "@/lib/mail/mailer";
import { getStripe } from "@/lib/stripe";
import { runLoops } from "./loops";
import { reportAddress, takeReports } from "./take-reports";

const DATABASE_CONNECTIONS = 8;
/** Claims, second looks, settles and renewals go side by side, each kind in turn. */
const LEDGER_CONNECTIONS = 4;
const NOTICE_CONNECTIONS = 3;
/** A mail server may take ten minutes to answer; whoever stops us does not wait so long. The journal covers the rest. */
const DRAIN_LIMIT_MS = 12_000;

async function main(): Promise<void> {
  const { DATABASE_URL, SMTP_URL, SMTP_CONNECTIONS, MEDIA_FOLDER, JOURNAL_FOLDER } = getEnv();
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => drain(stop));
  process.on("disconnect", () => drain(stop));

  const db = createDatabase(DATABASE_URL, { connections: DATABASE_CONNECTIONS });
  const ledger = openLedger(DATABASE_URL, { connections: LEDGER_CONNECTIONS });
  const news = hearNews(DATABASE_URL);
  askForJobsAt(DATABASE_URL);
  const issueMailer = createMailer(SMTP_URL, { connections: SMTP_CONNECTIONS });
  const noticeMailer = createMailer(SMTP_URL, { connections: NOTICE_CONNECTIONS });
  const dkimKey = loadDkimKey(getEnv());
  const signer = dkimKey && createSigner(dkimKey);
  const journal = openJournal(JOURNAL_FOLDER);
  log.info({ event: "worker.started", worker: journal.incarnation });
  const reports = takeReports(db, reportAddress(getEnv()), { signal: stop.signal });
  await runLoops({
    db,
    databaseUrl: DATABASE_URL,
    ledger,
    news,
    stripe: getStripe(),
    issueMailer,
    noticeMailer,
    signer,
    limits: sendingLimitsOf(getEnv()),
    bell: createBell(),
    images: createDiskStorage(MEDIA_FOLDER),
    journal,
    journalFolder: JOURNAL_FOLDER,
    signal: stop.signal,
  });
  await reports;
  await Promise.all([issueMailer.close(), noticeMailer.close(), signer?.close()]);
  journal.close();
  await forgetHeartbeat(db, journal.incarnation);
  await askForNoMoreJobs();
  await Promise.all([db.$disconnect(), ledger.close(), news.close()]);
  log.info({ event: "worker.stopped", worker: journal.incarnation });
}

function drain(stop: AbortController): void {
  if (stop.signal.aborted) return;
  log.info({ event: "worker.draining" }, "nothing new is taken");
  stop.abort();
  setTimeout(() => {
    log.error({ event: "worker.drain-too-long" }, "stopped with messages on their way");
    process.exit(1);
  }, DRAIN_LIMIT_MS).unref();
}

/** A heartbeat that stays is seen to be old; the database may be the reason why we stop. */
async function forgetHeartbeat(db: Database, incarnation: string): Promise<void> {
  try {
    await db.workerHeartbeat.deleteMany({ where: { id: incarnation } });
  } catch (error) {
    log.warn({ event: "worker.heartbeat-left", error }, "the last sign of life stays");
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    log.fatal({ event: "worker.failed", error });
    if (error instanceof Error) console.error(error.message);
    process.exit(1);
  },
);
