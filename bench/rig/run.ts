/** One sending under blows, from the schedule to the last settled row. */
import { setTimeout as sleep } from "node:timers/promises";
import { scheduleIssue } from "./audience";
import type { Blow } from "./blows";
import { check, type Verdict } from "./checker";
import { machineNow } from "./clock";
import { countStates, endWaits, getAudienceCount, readLedger } from "./ledger";
import { createNemesis, type Deeds } from "./nemesis";
import { readObserverLog } from "./observer-log";
import type { Stage } from "./stage";

export type RunOptions = {
  blows: readonly Blow[];
  /** Workers to start; 0 where they run already. */
  workers?: number;
  /** Of the issue. */
  number?: number;
  /** Where it is scheduled already. */
  issueId?: string;
  /** Ends waits as soon as nothing is being sent. */
  skipWaits?: boolean;
  limitMs?: number;
};

export type Sending = {
  issueId: string;
  /** Of `machineNow`. */
  beganAt: number;
  deeds: Deeds;
  ms: number;
  /** Workers that ended without being told to. */
  losses: number;
};

const LIMIT_MS = 420_000;

/** Throws where it does not come to an end. */
export async function sendUnderBlows(stage: Stage, options: RunOptions): Promise<Sending> {
  const began = machineNow();
  const issueId = options.issueId ?? (await scheduleIssue(stage.db, options.number ?? 1));
  const nemesis = createNemesis(stage, issueId, options.blows);
  stage.workers.start(options.workers ?? 1);
  const { observer } = stage;
  const deadline = began + (options.limitMs ?? LIMIT_MS);
  for (;;) {
    const counts = await observer.counts();
    await nemesis.watch(counts);
    if (await isSettled(stage, issueId, options)) break;
    if (machineNow() > deadline) throw new Error(await whatIsOpen(stage, issueId));
    await sleep(5);
  }
  await nemesis.finish();
  const losses = stage.workers.losses();
  return { issueId, beganAt: began, deeds: nemesis.deeds, ms: machineNow() - began, losses };
}

const lastLook = new WeakMap<Stage, number>();
const LOOK_EVERY_MS = 250;

type SettledOptions = {
  skipWaits?: boolean;
  /** Where workers mail the uncertain again by themselves. */
  uncertainWaits?: boolean;
};

/** Seldom asked: the ledger belongs to those who send. */
export async function isSettled(
  stage: Stage,
  issueId: string,
  { skipWaits = false, uncertainWaits = false }: SettledOptions = {},
): Promise<boolean> {
  if (machineNow() - (lastLook.get(stage) ?? 0) < LOOK_EVERY_MS) return false;
  const { databaseUrl } = stage;
  const states = await countStates(databaseUrl, issueId);
  lastLook.set(stage, machineNow());
  const { QUEUED = 0, SENDING = 0, DEFERRED = 0, UNCERTAIN = 0 } = states;
  const waiting = uncertainWaits ? UNCERTAIN : 0;
  if (skipWaits && DEFERRED + QUEUED > 0 && SENDING === 0) await endWaits(databaseUrl, issueId);
  return QUEUED + SENDING + DEFERRED + waiting === 0 && Object.keys(states).length > 0;
}

export async function waitUntilSettled(
  stage: Stage,
  issueId: string,
  options: SettledOptions & { limitMs?: number } = {},
): Promise<void> {
  const deadline = machineNow() + (options.limitMs ?? LIMIT_MS);
  while (!(await isSettled(stage, issueId, options))) {
    if (machineNow() > deadline) throw new Error(await whatIsOpen(stage, issueId));
    await sleep(50);
  }
}

async function whatIsOpen({ databaseUrl }: Stage, issueId: string): Promise<string> {
  return `The sending did not come to an end: ${JSON.stringify(await countStates(databaseUrl, issueId))}`;
}

/** What the ledger and the observer say now of one sending; the observer's lines from before it are none of its. */
export async function judge(
  stage: Stage,
  { issueId, beganAt, deeds }: Pick<Sending, "issueId" | "beganAt" | "deeds">,
  { resent = new Set() }: { resent?: ReadonlySet<string> } = {},
): Promise<Verdict> {
  const { databaseUrl, readers, observer, log } = stage;
  await observer.counts();
  const { starts, bodies } = readObserverLog(log);
  return check({
    ledger: await readLedger(databaseUrl, issueId),
    readers,
    audienceCount: await getAudienceCount(databaseUrl, issueId),
    unsubscribed: deeds.unsubscribed,
    resent,
    starts: starts.filter((start) => start.mailAt >= beganAt),
    bodies: bodies.filter((body) => body.at >= beganAt),
  });
}
