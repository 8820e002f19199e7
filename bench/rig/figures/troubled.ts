/** Figures 5, 6, 9, 10, 28 and 35: asked to stop, without a database or a mail server, frozen, left, edited, disk full, migrated. */
import type { BlowOrder } from "../blows";
import { planBlows } from "../blows";
import type { Verdict } from "../checker";
import { judge, type Sending, sendUnderBlows } from "../run";
import { statesInWords, wordsOf } from "../words";
import { type Figure, type Finding, type Lab, onStage } from "./figure";

const CONNECTIONS = 10;

type Trouble = {
  figure: number;
  about: string;
  order: (lab: Lab) => BlowOrder;
  workers: number;
  dotDelayMs: number;
  target: string;
  judge: (verdict: Verdict, sending: Sending) => { measured: string; met: boolean };
};

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
const sound = (verdict: Verdict) =>
  `lost ${verdict.anomalies.lost.length + verdict.anomalies.falseSent.length + verdict.anomalies.neverSettled.length}, ` +
  `twice ${verdict.anomalies.duplicatedOutside.length}, uncertain ${verdict.states.UNCERTAIN ?? 0}`;

const TROUBLES: readonly Trouble[] = [
  {
    figure: 5,
    about: "asked to stop",
    order: ({ quick }) => ({ drain: { times: quick ? 3 : 20 } }),
    workers: 1,
    dotDelayMs: 50,
    target: "0, 0, 0; 95 of 100 gone within 15 s",
    judge(verdict, { deeds: { drains } }) {
      const times = drains.map((drain) => drain.ms).sort((left, right) => left - right);
      const p95 = times[Math.ceil(times.length * 0.95) - 1] ?? 0;
      // Without a code it was stopped while it was still loading, and had nothing to finish.
      const codes = drains.filter((drain) => drain.code !== 0 && drain.code !== null).length;
      return {
        measured: `${sound(verdict)}; ${drains.length} stops, p95 ${seconds(p95)}, ${codes} with another exit code than 0`,
        met: p95 < 15_000 && codes === 0 && (verdict.states.UNCERTAIN ?? 0) === 0,
      };
    },
  },
  {
    figure: 6,
    about: "Postgres crashes, backends are ended, the mail server's port is shut",
    order: ({ quick }) => ({
      "crash-postgres": { times: quick ? 1 : 5 },
      "terminate-backends": { times: quick ? 2 : 10 },
      block: { times: 1, size: quick ? 2_000 : 30_000 },
    }),
    workers: 2,
    dotDelayMs: 5,
    target: "lost 0, at work again within 60 s, no worker ends",
    judge(verdict, { deeds: { recoveries, done }, losses }) {
      const longest = Math.max(0, ...recoveries);
      return {
        measured: `${sound(verdict)}; ${JSON.stringify(done)}; longest until the next mail ${seconds(longest)}; ${losses} workers ended`,
        met: longest <= 60_000 && losses === 0,
      };
    },
  },
  {
    figure: 9,
    about: "four workers, one frozen beyond its leases and woken, one killed",
    order: ({ quick }) => ({
      freeze: { times: quick ? 1 : 2, size: quick ? 5_000 : 80_000 },
      kill: { times: 2 },
    }),
    workers: 4,
    dotDelayMs: 5,
    target: "twice 0",
    judge: (verdict) => ({ measured: sound(verdict), met: verdict.anomalies.duplicatedOutside.length === 0 }),
  },
  {
    figure: 10,
    about: "readers leave, members become free and free readers members, the issue is edited",
    order: ({ quick }) => ({
      unsubscribe: { times: 10, size: quick ? 10 : 50 },
      flip: { times: 10, size: quick ? 10 : 50 },
      edit: { times: 1 },
    }),
    workers: 2,
    dotDelayMs: 100,
    target: "no transaction after the commit; as many bodies as variants",
    judge(verdict, { deeds: { unsubscribed } }) {
      const { lateStarts, distinctBodies, variants, states } = verdict;
      return {
        measured:
          `${lateStarts.count} began after the commit (longest ${lateStarts.longestMs.toFixed(0)} ms) of ` +
          `${unsubscribed.length} who left; ${distinctBodies} bodies, ${variants} variants; ${statesInWords(states)}`,
        met: distinctBodies === variants,
      };
    },
  },
  {
    figure: 28,
    about: "the disk under the journal is full for a while",
    order: ({ quick }) => ({ "fill-disk": { times: quick ? 1 : 3, size: 1_500 }, kill: { times: 2 } }),
    workers: 1,
    dotDelayMs: 5,
    target: "no false SENT, lost 0, twice 0",
    judge: (verdict) => ({ measured: sound(verdict), met: verdict.anomalies.falseSent.length === 0 }),
  },
  {
    figure: 35,
    about: "the next release's migrations come while workers of this one send",
    order: ({ quick }) => ({ migrate: { times: quick ? 2 : 10 } }),
    workers: 2,
    dotDelayMs: 50,
    target: "lost 0, twice 0, uncertain 0, no worker ends",
    judge: (verdict, { losses }) => ({
      measured: `${sound(verdict)}; ${losses} workers ended`,
      met: losses === 0 && (verdict.states.UNCERTAIN ?? 0) === 0,
    }),
  },
];

export const troubles: readonly Figure[] = TROUBLES.map((trouble) => ({
  figures: [trouble.figure],
  about: trouble.about,
  measure: (lab) => measure(lab, trouble),
}));

async function measure(lab: Lab, trouble: Trouble): Promise<Finding[]> {
  const { figure, about, dotDelayMs, target, workers } = trouble;
  const [seed = 1] = lab.seeds;
  const options = { readers: lab.readers, connections: CONNECTIONS, faults: { dotDelayMs } };
  return onStage(lab, options, async (stage) => {
    const blows = planBlows(seed, lab.readers, trouble.order(lab));
    const sending = await sendUnderBlows(stage, { blows, workers, skipWaits: true });
    const verdict = await judge(stage, sending);
    const performed = Object.values(sending.deeds.done).reduce((sum, times) => sum + times, 0);
    const { measured, met } = trouble.judge(verdict, sending);
    return [
      {
        figure,
        what: `${about} (${lab.readers} readers, seed ${seed}, ${performed} of ${blows.length} blows, ${seconds(sending.ms)})`,
        measured: `${measured}; anomalies: ${wordsOf(verdict)}`,
        target,
        met: met && verdict.count === 0 && performed === blows.length,
      },
    ];
  });
}
