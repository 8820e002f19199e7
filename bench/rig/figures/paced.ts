/**
 * Figure 7, of how fast: a mail server that limits the rate, told to the worker or not, and addresses that do not exist,
 * which must not slow down all the others.
 */
import { cpuSecondsOf } from "../../send/cpu";
import { scheduleIssue } from "../audience";
import { machineNow } from "../clock";
import { countStates, openAllAddresses } from "../ledger";
import type { FaultsInput } from "../observer-faults";
import { readObserverLog } from "../observer-log";
import { waitUntilSettled } from "../run";
import type { Stage } from "../stage";
import { statesInWords } from "../words";
import { type Figure, type Finding, type Lab, onStage } from "./figure";

const CONNECTIONS = 10;
const WINDOW_MS = 1_000;
const FAULTS = { dotDelayMs: 2 } satisfies FaultsInput;

export const paced: Figure = {
  figures: [7],
  about: "a mail server that limits the rate; addresses that do not exist",
  measure: async (lab) => [await untold(lab), await told(lab), await besideUnknownAddresses(lab)],
};

/** A limit that the worker hears of by 421 alone. */
function untold(lab: Lab): Promise<Finding> {
  const limit = 20;
  const readers = lab.quick ? 300 : 2_000;
  const faults = { ...FAULTS, perSecond: limit };
  return onStage(lab, { readers, connections: CONNECTIONS, faults }, async (stage) => {
    stage.workers.start(1);
    const { mails, refused, states } = await send(stage, 1);
    const troubles = spansOf(refused);
    const longest = Math.max(0, ...troubles);
    const seconds = spanMs(mails) / WINDOW_MS;
    const used = readers / seconds / limit;
    return {
      figure: 7,
      what: `a limit of ${limit} a second that nobody told (${readers} readers)`,
      measured:
        `passed ${troubles.length} times in ${seconds.toFixed(0)} seconds, for ${longest.toFixed(0)} ms at most, by ` +
        `${refused.length} messages in all; ${(used * 100).toFixed(0)} of 100 of it used; ${statesInWords(states)}`,
      target: "never for more than a second; all sent",
      met: longest <= WINDOW_MS && (states.SENT ?? 0) === readers,
    };
  });
}

/** A limit that the operator wrote down. */
function told(lab: Lab): Promise<Finding> {
  const limit = 50;
  const readers = lab.quick ? 300 : 2_000;
  const environment = { SEND_RATE: `${limit}/s` };
  const options = { readers, connections: CONNECTIONS, faults: FAULTS, environment };
  return onStage(lab, options, async (stage) => {
    stage.workers.start(2);
    const { mails, states } = await send(stage, 1);
    const most = mostWithin(mails, WINDOW_MS);
    const passed = secondsAbove(mails, limit);
    const longest = longestRun(passed);
    const used = readers / (spanMs(mails) / WINDOW_MS) / limit;
    return {
      figure: 7,
      what: `SEND_RATE=${limit}/s, two workers (${readers} readers)`,
      measured:
        `passed in ${passed.length} seconds of the clock, ${longest} after one another at most; at most ${most} within any ` +
        `span of a second; ${(used * 100).toFixed(0)} of 100 of it used; ${statesInWords(states)}`,
      target: "never two seconds after one another; all sent",
      met: longest <= 1 && (states.SENT ?? 0) === readers,
    };
  });
}

const PAIRS = 7;
const MOST_LOST = 0.05;
const REFUSING = { ...FAULTS, unknownAddresses: 0.05 } satisfies FaultsInput;

type Cost = { perSecond: number; cpuSeconds: number | null };

/**
 * What it costs that every twentieth is refused. Two of a pair are sent within a few seconds, now the one first and now
 * the other, since a machine has its moods; of the worker's processor time, which says less of them, all pairs together
 * decide.
 */
function besideUnknownAddresses(lab: Lab): Promise<Finding> {
  const { readers } = lab;
  return onStage(lab, { readers, connections: CONNECTIONS, faults: FAULTS }, async (stage) => {
    stage.workers.start(1);
    let failed = 0;
    let number = 1;
    const costOf = async (faults: FaultsInput): Promise<Cost> => {
      await openAllAddresses(stage.databaseUrl);
      await stage.observer.setFaults(faults);
      const before = workerSeconds(stage);
      const { mails, states } = await send(stage, number);
      const after = workerSeconds(stage);
      number += 1;
      failed += states.FAILED ?? 0;
      const perSecond = mails.length / (spanMs(mails) / 1_000);
      return { perSecond, cpuSeconds: before === null || after === null ? null : after - before };
    };
    // Its first issue warms a process up.
    await costOf(FAULTS);
    const pairs: { taken: Cost; refused: Cost }[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const first = await costOf(pair % 2 === 0 ? FAULTS : REFUSING);
      const second = await costOf(pair % 2 === 0 ? REFUSING : FAULTS);
      pairs.push(pair % 2 === 0 ? { taken: first, refused: second } : { taken: second, refused: first });
    }
    const losses = pairs.map(({ taken, refused }) => 1 - refused.perSecond / taken.perSecond);
    const middle = losses.toSorted((left, right) => left - right)[Math.floor(PAIRS / 2)] ?? 1;
    const more = moreProcessor(pairs);
    const percent = (share: number) => (share * 100).toFixed(1);
    return {
      figure: 7,
      what: `550 for 5 of 100 addresses (${readers} readers, ${PAIRS} pairs of issues, ${failed} FAILED)`,
      measured:
        `processor time of the worker: ${more === null ? "unknown" : `${percent(more)} of 100 more`}; rate lost: ` +
        `${losses.map(percent).join(", ")} of 100, in the middle ${percent(middle)}`,
      target: "less than 5 of 100 more",
      met: (more ?? middle) < MOST_LOST && failed > 0,
    };
  });
}

function workerSeconds({ workers }: Stage): number | null {
  const [worker] = workers.running;
  return worker ? cpuSecondsOf(worker.pid) : null;
}

/** Null where the system does not tell. */
function moreProcessor(pairs: readonly { taken: Cost; refused: Cost }[]): number | null {
  let [taken, refused] = [0, 0];
  for (const pair of pairs) {
    if (pair.taken.cpuSeconds === null || pair.refused.cpuSeconds === null) return null;
    taken += pair.taken.cpuSeconds;
    refused += pair.refused.cpuSeconds;
  }
  return refused / taken - 1;
}

/** Every MAIL that the observer heard, taken or not, in the order in which it came. */
async function send(stage: Stage, number: number) {
  const beganAt = machineNow();
  const issueId = await scheduleIssue(stage.db, number);
  await waitUntilSettled(stage, issueId, { skipWaits: true });
  await stage.observer.counts();
  const { starts, turnedAway } = readObserverLog(stage.log);
  const mails = [...starts, ...turnedAway].map(({ mailAt }) => mailAt).filter((at) => at >= beganAt);
  const states = await countStates(stage.databaseUrl, issueId);
  const inOrder = (moments: number[]) => moments.sort((left, right) => left - right);
  const refused = turnedAway.map(({ mailAt }) => mailAt).filter((at) => at >= beganAt);
  return { mails: inOrder(mails), refused: inOrder(refused), states };
}

function spanMs(sorted: readonly number[]): number {
  return (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
}

/** How long each trouble lasted, from its first no to its last: a second without one ends it. */
function spansOf(refused: readonly number[]): number[] {
  const spans: number[] = [];
  let first = refused[0] ?? 0;
  for (const [at, moment] of refused.entries()) {
    const next = refused[at + 1];
    if (next !== undefined && next - moment < WINDOW_MS) continue;
    spans.push(moment - first);
    first = next ?? first;
  }
  return spans;
}

/** As the observer counts them, which begins anew with each second of the machine's clock. */
function secondsAbove(mails: readonly number[], limit: number): number[] {
  const counts = new Map<number, number>();
  for (const at of mails) {
    const second = Math.floor(at / WINDOW_MS);
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > limit).map(([second]) => second);
}

/** Of whole numbers, each of which occurs once. */
function longestRun(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  let longest = 0;
  let run = 0;
  for (const [at, number] of sorted.entries()) {
    run = sorted[at - 1] === number - 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

function mostWithin(sorted: readonly number[], ms: number): number {
  let most = 0;
  let first = 0;
  for (const [at, moment] of sorted.entries()) {
    while (moment - (sorted[first] ?? moment) >= ms) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}
