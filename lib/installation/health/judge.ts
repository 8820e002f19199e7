/**
 * How the installation does, line by line, in words that somebody who does not run servers understands: how it stands,
 * and what to do where it does not stand well. Pure.
 */
import { WORKER_SILENT_AFTER_SECONDS } from "@/lib/deliveries/clock";
import { judgeClock, judgeRoom } from "../check-limits";
import { type Finding, fail, ok, warn } from "../findings";
import type { Vitals } from "../vitals";
import { bytesInWords, countInWords, secondsInWords } from "./amounts";
import type { FailedJob, HealthFacts, OpenIssue, Weight } from "./facts";

export type HealthFinding = Finding & {
  /** Those that it is about, where there are such. */
  issues?: { id: string; title: string }[];
};

export type HealthSection = { title: string; findings: HealthFinding[] };

const QUEUE_STUCK_SECONDS = 15 * 60;
const NOTICE_LATE_SECONDS = 5 * 60;
const EVENT_LATE_SECONDS = 5 * 60;
const RECONCILED_LATE_SECONDS = 3 * 3_600;
/** Above this share of refusals mailbox providers begin to hold back a sender; a handful is nobody's share. */
const REFUSED_SHARE = 0.05;
const REFUSED_HANDFUL = 10;

export function judgeHealth(
  vitals: Vitals,
  facts: HealthFacts,
  versions: { masthead: string; node: string },
): HealthSection[] {
  return [
    { title: "At work", findings: [judgeWorker(vitals), judgeJobs(facts.failedJobs)] },
    {
      title: "Issues on their way",
      findings: [
        withIssues(judgeQueue(vitals), facts, ({ waiting, paused }) => waiting && !paused),
        judgeRate(vitals),
        judgeFailed(vitals),
        withIssues(judgeDeferred(vitals), facts, ({ deferred }) => deferred),
        withIssues(judgeUncertain(vitals), facts, ({ uncertain }) => uncertain),
        withIssues(judgePaused(vitals), facts, ({ paused }) => paused),
      ],
    },
    { title: "Mail", findings: [judgeMailServer(facts), judgeNotices(vitals)] },
    { title: "Stripe", findings: [judgeEvents(vitals), judgeReconciliation(vitals)] },
    {
      title: "Database and machine",
      findings: [
        ok("Database", `PostgreSQL ${facts.postgres}, ${bytesInWords(facts.databaseBytes)}.`),
        judgeLedger(facts),
        ...(facts.freeBytes === null ? [] : [asSentence(judgeRoom(facts.freeBytes))]),
        asSentence(judgeClock(facts.clockAheadMs)),
        ok("Version", `Masthead ${versions.masthead} on Node ${versions.node}.`),
      ],
    },
  ];
}

function withIssues(
  finding: Finding,
  { openIssues }: HealthFacts,
  isAbout: (issue: OpenIssue) => boolean,
): HealthFinding {
  const issues = openIssues.filter(isAbout).map(({ id, title }) => ({ id, title }));
  return issues.length === 0 ? finding : { ...finding, issues };
}

function judgeWorker({ workers }: Vitals): Finding {
  const { count, youngestSeconds } = workers;
  const advice = "Start one: npm run worker. Without it nothing is published or mailed.";
  if (youngestSeconds === null) return fail("Worker", "None has ever given a sign of life.", advice);
  const seen = `The last sign of life came ${secondsInWords(youngestSeconds)} ago`;
  if (count === 0) return fail("Worker", `${seen}, and one comes every few seconds.`, advice);
  return ok("Worker", `${seen}; ${countInWords(count, "worker runs", "workers run")}.`);
}

function judgeJobs(failed: FailedJob[] | null): Finding {
  const name = "Jobs";
  if (failed === null) {
    const advice = "A worker makes it anew within a minute; else run npm run migrate.";
    return warn(name, "The queue of jobs is not there; workers find their work by looking.", advice);
  }
  const [last] = failed;
  if (!last) return ok(name, "None failed within the last hour.");
  const words = failed.map((job) => `${job.name} (${job.count})`).join(", ");
  const why = last.error ? `: ${last.error}` : ".";
  return warn(
    name,
    `Failed within the last hour: ${words}. The last one ${secondsInWords(last.secondsAgo)} ago${why}`,
    "Each is tried again by itself. Where it goes on failing, the worker's log says why.",
  );
}

function judgeQueue({ deliveries, oldestDueSeconds, sentLastMinute }: Vitals): Finding {
  const waiting = deliveries.queued + deliveries.sending;
  if (waiting === 0) return ok("Queue", "Nothing waits to be sent.");
  const mails = countInWords(waiting, "mail waits", "mails wait");
  const says = `${mails}; the oldest has been due for ${secondsInWords(oldestDueSeconds)}.`;
  if (oldestDueSeconds < QUEUE_STUCK_SECONDS || sentLastMinute > 0) return ok("Queue", says);
  return fail(
    "Queue",
    `${says} Nothing left within the last minute.`,
    "Look at the worker and the mail server on this page. With rates or a warm-up set, it may only wait for its turn.",
  );
}

function judgeRate({ sentLastMinute, sentLastHour }: Vitals): Finding {
  const perMinute = sentLastMinute.toLocaleString("en");
  return ok(
    "Rate",
    `${perMinute} sent in the last minute, ${sentLastHour.toLocaleString("en")} in the hour.`,
  );
}

function judgeFailed({ failedLastHour, sentLastHour }: Vitals): Finding {
  const says = `${failedLastHour.toLocaleString("en")} refused for good within the last hour.`;
  const share = failedLastHour / Math.max(1, failedLastHour + sentLastHour);
  if (failedLastHour < REFUSED_HANDFUL || share < REFUSED_SHARE) return ok("Failed", says);
  return warn(
    "Failed",
    `${says} That is ${Math.round(share * 100)} of 100.`,
    "Read the reasons on the issue's page. Old lists bounce much: providers hold back who goes on mailing them.",
  );
}

function judgeDeferred({ deliveries: { deferred } }: Vitals): Finding {
  if (deferred === 0) return ok("Deferred", "Nobody's mail server asked to wait.");
  return ok(
    "Deferred",
    `${countInWords(deferred, "mail was", "mails were")} asked to wait: tried again by itself for up to 72 hours. The issue’s page says when.`,
  );
}

function judgeUncertain({ deliveries: { uncertain } }: Vitals): Finding {
  if (uncertain === 0) return ok("Uncertain", "Of every mail it is known whether the server took it.");
  return warn(
    "Uncertain",
    `Of ${countInWords(uncertain, "mail", "mails")} nobody can know whether the mail server took it.`,
    "Decide on the issue’s page: mail it again, and it may arrive twice, or leave it.",
  );
}

function judgePaused({ pausedIssues }: Vitals): Finding {
  if (pausedIssues === 0) return ok("Paused", "No sending is paused.");
  return warn(
    "Paused",
    `${countInWords(pausedIssues, "issue is", "issues are")} paused with readers still waiting.`,
    "The issue’s page says why, and lets it go on.",
  );
}

function judgeMailServer({ lastTaken, refusesNow }: HealthFacts): Finding {
  const taken = lastTaken
    ? `It took the last mail ${secondsInWords(lastTaken.secondsAgo)} ago${lastTaken.reply ? `, saying “${lastTaken.reply}”` : ""}.`
    : "It has not taken any mail yet.";
  if (refusesNow === null) return ok("Mail server", taken);
  return fail(
    "Mail server",
    `Mail goes nowhere at this moment: “${refusesNow}”. ${taken}`,
    "npm run masthead -- doctor asks it. Correct SMTP_URL, or tell whoever runs the mail server; what waits goes out by itself then.",
  );
}

function judgeNotices({ notices }: Vitals): Finding {
  const { waiting, oldestSeconds, failedLastHour } = notices;
  const gaveUp = failedLastHour > 0 ? ` ${failedLastHour} could not be sent within the last hour.` : "";
  const says =
    waiting === 0
      ? `No code, receipt or reminder waits.${gaveUp}`
      : `${countInWords(waiting, "waits", "wait")}, the oldest for ${secondsInWords(oldestSeconds)}.${gaveUp}`;
  if (waiting > 0 && oldestSeconds > NOTICE_LATE_SECONDS) {
    return fail(
      "Notices",
      says,
      "Nobody can sign in by code meanwhile. Look at the worker and the mail server.",
    );
  }
  if (failedLastHour === 0) return ok("Notices", says);
  return warn("Notices", says, "Each stands on its person’s page with what the mail server said.");
}

function judgeEvents({ stripeEvents: { waiting, oldestSeconds } }: Vitals): Finding {
  if (waiting === 0) return ok("Webhooks", "Every one was followed.");
  const says = `${countInWords(waiting, "waits", "wait")}, the oldest for ${secondsInWords(oldestSeconds)}.`;
  if (oldestSeconds < EVENT_LATE_SECONDS) return ok("Webhooks", says);
  return warn("Webhooks", says, "Look at the worker, and at STRIPE_SECRET_KEY: npm run masthead -- doctor.");
}

function judgeReconciliation({ reconciliation }: Vitals): Finding {
  const name = "Compared";
  if (!reconciliation)
    return ok(name, "Memberships were not compared with Stripe yet; that happens by the hour.");
  const { secondsAgo, ok: went } = reconciliation;
  const says = `Memberships were compared with Stripe ${secondsInWords(secondsAgo)} ago`;
  if (!went) {
    const advice = "The members page shows what failed and compares again at a press.";
    return warn(name, `${says}, and not all went through.`, advice);
  }
  if (secondsAgo < RECONCILED_LATE_SECONDS) return ok(name, `${says}.`);
  return warn(name, `${says}; it should happen by the hour.`, "Look at the worker.");
}

function judgeLedger({ ledger, pastLedger }: HealthFacts): Finding {
  const weight = ({ rows, bytes }: Weight) =>
    `${countInWords(Math.round(rows), "row", "rows")}, ${bytesInWords(bytes)}`;
  const past = pastLedger.rows > 0 ? `; of old issues, compacted, ${weight(pastLedger)}` : "";
  return ok("Ledger", `About ${weight(ledger)}${past}.`);
}

/** The doctor says the same in half a line. */
function asSentence(finding: Finding): Finding {
  return { ...finding, says: `${finding.says.charAt(0).toUpperCase()}${finding.says.slice(1)}.` };
}

/** As the address for load balancers says it. */
export function workerState(vitals: Vitals): {
  state: "running" | "silent" | "never-seen";
  silentForSeconds: number | null;
} {
  const { youngestSeconds } = vitals.workers;
  if (youngestSeconds === null) return { state: "never-seen", silentForSeconds: null };
  const silentForSeconds = Math.max(0, Math.round(youngestSeconds));
  return { state: silentForSeconds > WORKER_SILENT_AFTER_SECONDS ? "silent" : "running", silentForSeconds };
}
