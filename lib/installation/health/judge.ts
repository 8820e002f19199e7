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
    { title: "Mail", findings: [judgeMailServer(facts, vitals), judgeNotices(vitals, facts)] },
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

function judgeQueue({ deliveries, held, oldestDueSeconds, sentLastMinute }: Vitals): Finding {
  const going = deliveries.queued + deliveries.sending - held.queued;
  if (going === 0) {
    if (held.queued === 0) return ok("Queue", "Nothing waits to be sent.");
    return ok("Queue", `${countInWords(held.queued, "mail waits", "mails wait")} because sending is paused.`);
  }
  const mails = countInWords(going, "mail waits; it has", "mails wait; the oldest has");
  const more = countInWords(held.queued, "more waits", "more wait");
  const says = `${mails} been due for ${secondsInWords(oldestDueSeconds)}.${held.queued > 0 ? ` ${more} because sending is paused.` : ""}`;
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

function judgeFailed({ refusedLastHour, unwrittenLastHour, sentLastHour }: Vitals): Finding {
  const says = `${refusedLastHour.toLocaleString("en")} refused for good within the last hour.`;
  const share = refusedLastHour / Math.max(1, refusedLastHour + sentLastHour);
  if (unwrittenLastHour > 0) {
    const unwritten = `${countInWords(unwrittenLastHour, "mail", "mails")} could not be written.`;
    return warn(
      "Failed",
      `${says} ${unwritten}`,
      "The issue’s page says why, and the worker’s log says more.",
    );
  }
  if (refusedLastHour < REFUSED_HANDFUL || share < REFUSED_SHARE) return ok("Failed", says);
  return warn(
    "Failed",
    `${says} That is ${Math.round(share * 100)} of 100.`,
    "Read the reasons on the issue’s page. Old lists bounce much: providers hold back who goes on mailing them.",
  );
}

function judgeDeferred({ deliveries: { deferred }, held }: Vitals): Finding {
  if (deferred === 0) return ok("Deferred", "Nobody’s mail server asked to wait.");
  const mails = countInWords(deferred, "mail was", "mails were");
  if (held.deferred === deferred)
    return ok(
      "Deferred",
      `${mails} asked to wait, and ${deferred === 1 ? "is" : "are"} held because sending is paused.`,
    );
  const again = deferred === 1 ? "it is tried again by itself" : "they are tried again by themselves";
  const paused = `, but ${held.deferred.toLocaleString("en")} only once sending goes on`;
  return ok(
    "Deferred",
    `${mails} asked to wait: ${again} for up to 72 hours${held.deferred > 0 ? paused : ""}. The issue’s page says when.`,
  );
}

function judgeUncertain({ deliveries: { uncertain } }: Vitals): Finding {
  if (uncertain === 0) return ok("Uncertain", "Of every mail it is known whether the server took it.");
  const [it, they] = uncertain === 1 ? ["it", "it"] : ["them", "they"];
  return warn(
    "Uncertain",
    `Of ${countInWords(uncertain, "mail", "mails")} nobody can know whether the mail server took ${it}.`,
    `Decide on the issue’s page: mail ${it} again, and ${they} may arrive twice, or leave ${it}.`,
  );
}

function judgePaused({ pausedIssues }: Vitals): Finding {
  if (pausedIssues === 0) return ok("Paused", "No sending is paused.");
  return warn(
    "Paused",
    `${countInWords(pausedIssues, "issue is", "issues are")} paused with readers still waiting.`,
    pausedIssues === 1
      ? "Its page says why, and lets it go on; it does not by itself."
      : "Their pages say why, and let them go on; they do not by themselves.",
  );
}

function judgeMailServer({ lastTaken, refusesNow }: HealthFacts, { pausedIssues }: Vitals): Finding {
  const taken = lastTaken
    ? `It took the last mail ${secondsInWords(lastTaken.secondsAgo)} ago${lastTaken.reply ? `, saying “${lastTaken.reply}”` : ""}.`
    : "It has not taken any mail yet.";
  if (refusesNow === null) return ok("Mail server", taken);
  const paused = pausedIssues > 0 ? ", but a paused issue only after “Go on sending” on its page" : "";
  return fail(
    "Mail server",
    `Mail goes nowhere at this moment: “${refusesNow}”. ${taken}`,
    `npm run masthead -- doctor asks it. Correct SMTP_URL, or tell whoever runs the mail server; what waits goes out by itself then${paused}.`,
  );
}

function judgeNotices({ notices }: Vitals, { refusesNow, triedNotices }: HealthFacts): Finding {
  const { waiting, oldestSeconds, failedLastHour } = notices;
  const gaveUp = failedLastHour > 0 ? ` ${failedLastHour} could not be sent within the last hour.` : "";
  const { count, reply } = triedNotices;
  const tried =
    count === 0 || reply === refusesNow ? "" : ` ${waiting === 1 ? "It" : "One"} was answered “${reply}”.`;
  const says =
    waiting === 0
      ? `No code, receipt or reminder waits.${gaveUp}`
      : `${waitInWords(waiting, oldestSeconds)}.${tried}${gaveUp}`;
  if (waiting > 0 && oldestSeconds > NOTICE_LATE_SECONDS) {
    if (refusesNow === null && count >= waiting) {
      const again = waiting === 1 ? "It is tried again by itself" : "They are tried again by themselves";
      return warn("Notices", says, `${again}; each stands on its person’s page.`);
    }
    return fail(
      "Notices",
      says,
      "Nobody can sign in by code meanwhile. Look at the worker and the mail server.",
    );
  }
  if (failedLastHour === 0) return ok("Notices", says);
  return warn("Notices", says, "Each stands on its person’s page with what the mail server said.");
}

function waitInWords(waiting: number, oldestSeconds: number): string {
  return `${countInWords(waiting, "waits,", "wait, the oldest")} for ${secondsInWords(oldestSeconds)}`;
}

function judgeEvents({ stripeEvents: { waiting, oldestSeconds } }: Vitals): Finding {
  if (waiting === 0) return ok("Webhooks", "Every one was followed.");
  const says = `${waitInWords(waiting, oldestSeconds)}.`;
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
    rows === null
      ? bytesInWords(bytes)
      : `${countInWords(Math.round(rows), "row", "rows")}, ${bytesInWords(bytes)}`;
  const past = pastLedger.rows === 0 ? "" : `; of old issues, compacted, ${weight(pastLedger)}`;
  const present = ledger.rows === 0 ? `No rows, ${bytesInWords(ledger.bytes)}` : `About ${weight(ledger)}`;
  return ok("Ledger", `${present}${past}.`);
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
