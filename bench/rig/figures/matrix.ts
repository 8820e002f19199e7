/** Figures 7 and 8: each way in which a mail server can misbehave, and the state in which every row must end. */
import { setTimeout as sleep } from "node:timers/promises";
import { resumeSending } from "@/lib/deliveries/pause";
import { scheduleIssue } from "../audience";
import type { LedgerRow } from "../checker";
import { machineNow } from "../clock";
import { askPostgres, countStates, openAllAddresses, readLedger } from "../ledger";
import { createFaultLine, type FaultsInput, faultsSchema } from "../observer-faults";
import { readObserverLog } from "../observer-log";
import { judge, waitUntilSettled } from "../run";
import type { Stage } from "../stage";
import { statesInWords, wordsOf } from "../words";
import { type Figure, type Finding, type Lab, onStage } from "./figure";

const CONNECTIONS = 10;

type Seen = {
  /** Readers whose message was taken without an answer. */
  unanswered: ReadonlySet<string>;
  isUnknown: (email: string) => boolean;
};

type Mode = {
  name: string;
  faults: FaultsInput;
  /** What a row must say in the end. */
  isRight: (row: LedgerRow, seen: Seen) => boolean;
  /** What has to happen before it can come to an end; says what else was measured, or what was wrong. */
  help?: (stage: Stage, run: { issueId: string; beganAt: number }) => Promise<string>;
};

const isSent = (row: LedgerRow) => row.state === "SENT";
const isSentOrListed = (row: LedgerRow, { unanswered }: Seen) =>
  row.state === (unanswered.has(row.email) ? "UNCERTAIN" : "SENT");

const MODES: readonly Mode[] = [
  { name: "closes on MAIL, 5 of 100", faults: { closeOnMail: 0.05 }, isRight: isSent },
  { name: "closes on DATA, 5 of 100", faults: { closeOnData: 0.05 }, isRight: isSent },
  { name: "closes after the dot, 5 of 100", faults: { closeAfterDot: 0.05 }, isRight: isSentOrListed },
  {
    name: "silent after the dot, then the worker is killed",
    faults: { silentAfterDot: 0.008 },
    isRight: isSentOrListed,
    help: killWhoWaits,
  },
  { name: "421 after the dot, 5 of 100", faults: { busyAfterDot: 0.05 }, isRight: isSent },
  { name: "451 after the dot, 5 of 100", faults: { laterAfterDot: 0.05 }, isRight: isSent },
  { name: "greylists everybody", faults: { greylist: true }, isRight: isSent },
  {
    name: "550 5.1.1 for 5 of 100 addresses",
    faults: { unknownAddresses: 0.05 },
    isRight: (row, { isUnknown }) =>
      isUnknown(row.email) ? row.state === "FAILED" && row.enhanced === "5.1.1" : isSent(row),
  },
  {
    name: "550 5.7.1 for everybody, then no more",
    faults: { policy: true },
    isRight: isSent,
    help: resumeLater,
  },
  { name: "30 ms before every answer", faults: { answerDelayMs: 30 }, isRight: isSent },
  { name: "no more than 100 a second, else 421", faults: { perSecond: 100 }, isRight: isSent },
  {
    name: "no pipelining, 20 ms after the dot",
    faults: { pipelining: false, dotDelayMs: 20 },
    isRight: isSent,
  },
  {
    name: "535 to every login from the middle of the sending on, then no more",
    faults: { dotDelayMs: 20 },
    // Of what was on its way when the connections ended, nobody can know.
    isRight: (row) => row.state === "SENT" || row.state === "UNCERTAIN",
    help: refuseLogins,
  },
];

export const matrix: Figure = {
  figures: [7, 8],
  about: `a mail server that misbehaves in ${MODES.length} ways`,
  measure: (lab) => {
    const readers = lab.quick ? 200 : 500;
    return onStage(lab, { readers, connections: CONNECTIONS }, (stage) => measureModes(lab, stage));
  },
};

async function measureModes(lab: Lab, stage: Stage): Promise<Finding[]> {
  stage.workers.start(1);
  const findings: Finding[] = [];
  let right = 0;
  let unsound = 0;
  for (const [at, mode] of MODES.entries()) {
    const { count, words, sound } = await measureMode(stage, mode, at + 1, lab.seeds[0] ?? 1);
    right += count;
    // Rows may all be right after too many attempts, or beside an anomaly: that is no sound mode.
    if (!sound) unsound += 1;
    lab.say(`  ${sound ? "right" : "WRONG"}  ${mode.name}: ${words}`);
    if (mode.faults.greylist !== true) continue;
    const measured = `${count} of ${stage.readers}`;
    findings.push({ figure: 8, what: "greylisted, sent in the end", measured, target: "all", met: sound });
  }
  const all = MODES.length * stage.readers;
  return [
    {
      figure: 7,
      what: `rows in the right state (${MODES.length} modes, ${stage.readers} readers)`,
      measured: `${right} of ${all}; ${unsound} modes unsound`,
      target: `${all}; every mode sound`,
      met: right === all && unsound === 0,
    },
    ...findings,
  ];
}

async function measureMode(stage: Stage, mode: Mode, number: number, seed: number) {
  await openAllAddresses(stage.databaseUrl);
  await stage.observer.setFaults({ seed, ...mode.faults });
  const beganAt = machineNow();
  const issueId = await scheduleIssue(stage.db, number);
  const note = (await mode.help?.(stage, { issueId, beganAt })) ?? "";
  await waitUntilSettled(stage, issueId, { skipWaits: true, limitMs: 120_000 });
  const deeds = { done: {}, unsubscribed: [], drains: [], recoveries: [] };
  const verdict = await judge(stage, { issueId, beganAt, deeds });
  const ledger = await readLedger(stage.databaseUrl, issueId);
  const faultLine = createFaultLine(faultsSchema.parse({ seed, ...mode.faults }), new Set());
  const seen: Seen = {
    unanswered: unansweredSince(stage, beganAt),
    isUnknown: (email) => faultLine.onRcpt("", email)?.code === 550,
  };
  const count = ledger.filter((row) => mode.isRight(row, seen)).length;
  const sound = count === stage.readers && verdict.count === 0 && !note.startsWith("but");
  const anomalies = verdict.count === 0 ? "" : `; anomalies: ${wordsOf(verdict)}`;
  return { count, sound, words: `${statesInWords(verdict.states)}${note && `; ${note}`}${anomalies}` };
}

function unansweredSince({ log }: Stage, beganAt: number): Set<string> {
  const { bodies } = readObserverLog(log);
  return new Set(bodies.filter((body) => body.at >= beganAt && body.code === null).map((body) => body.to));
}

/** Everything else is sent, and what waits for an answer would wait for ten minutes. */
async function killWhoWaits(stage: Stage, { issueId, beganAt }: { issueId: string; beganAt: number }) {
  for (;;) {
    const { QUEUED = 0, DEFERRED = 0, SENDING = 0, SENT = 0 } = await countStates(stage.databaseUrl, issueId);
    await stage.observer.counts();
    const waiting = unansweredSince(stage, beganAt).size;
    if (SENT > 0 && QUEUED + DEFERRED === 0 && SENDING === waiting) break;
    await sleep(100);
  }
  const [worker] = stage.workers.running;
  if (worker) await stage.workers.kill(worker);
  return "";
}

const PAUSED_WITHIN_MS = 60_000;

/** False where it goes on all the same. */
async function isPausedInTime({ databaseUrl }: Stage, issueId: string): Promise<boolean> {
  const isPaused = `SELECT id FROM "Issue" WHERE id = $1 AND "sendingPausedAt" IS NOT NULL`;
  const deadline = machineNow() + PAUSED_WITHIN_MS;
  while ((await askPostgres(databaseUrl, isPaused, [issueId])).length === 0) {
    if (machineNow() > deadline) return false;
    await sleep(50);
  }
  return true;
}

const STILL_MS = 3_000;

/** All connections end at the same moment, so that each has to log in again: what is tried then is what was in hand. */
async function refuseLogins(stage: Stage, { issueId, beganAt }: { issueId: string; beganAt: number }) {
  const takenSince = () => readObserverLog(stage.log).bodies.filter((body) => body.at >= beganAt).length;
  while (takenSince() < stage.readers / 4) await stage.observer.counts();
  await stage.observer.setFaults({ login: "refused" });
  const before = (await stage.observer.counts()).connections;
  await stage.observer.cut();
  const cutAt = machineNow();
  const paused = await isPausedInTime(stage, issueId);
  // Whoever would try on does so within this time.
  await sleep(STILL_MS);
  const logins = (await stage.observer.counts()).connections - before;
  const begun = readObserverLog(stage.log).starts.filter((start) => start.mailAt > cutAt).length;
  const { FAILED = 0, UNCERTAIN = 0, QUEUED = 0 } = await countStates(stage.databaseUrl, issueId);
  await stage.observer.setFaults({});
  await resumeSending(stage.db, issueId);
  const sound =
    paused && logins <= CONNECTIONS && begun === 0 && FAILED === 0 && UNCERTAIN <= CONNECTIONS && QUEUED > 0;
  return (
    `${sound ? "" : "but "}${paused ? "paused" : "not paused"} after ${logins} logins, ${begun} messages begun since, ` +
    `${FAILED} FAILED, ${QUEUED} still to come`
  );
}

const MOST_ATTEMPTS = 25;

async function resumeLater(stage: Stage, { issueId, beganAt }: { issueId: string; beganAt: number }) {
  if (!(await isPausedInTime(stage, issueId))) {
    await stage.observer.setFaults({});
    return "but not paused";
  }
  while (((await countStates(stage.databaseUrl, issueId)).SENDING ?? 0) > 0) await sleep(50);
  await stage.observer.counts();
  const attempts = readObserverLog(stage.log).starts.filter((start) => start.mailAt >= beganAt).length;
  const suppressed = await askPostgres(
    stage.databaseUrl,
    `SELECT id FROM "Subscriber" WHERE status <> 'CONFIRMED'`,
  );
  await stage.observer.setFaults({});
  await resumeSending(stage.db, issueId);
  const sound = attempts <= MOST_ATTEMPTS && suppressed.length === 0;
  return `${sound ? "" : "but "}paused after ${attempts} attempts, ${suppressed.length} readers suppressed`;
}
