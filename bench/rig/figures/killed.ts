/** Figures 1, 2 and 4: killed and cut off in one sending, by both policies, and a naive worker under the same blows. */
import { join } from "node:path";
import { resolveUncertain } from "@/lib/deliveries/pause";
import { type BlowOrder, planBlows } from "../blows";
import type { Verdict } from "../checker";
import { readLedger } from "../ledger";
import { judge, type Sending, sendUnderBlows, waitUntilSettled } from "../run";
import type { Stage } from "../stage";
import { statesInWords, wordsOf } from "../words";
import { type Figure, type Finding, type Lab, onStage } from "./figure";

const CONNECTIONS = 10;
const KILLS = 20;
const CUTS = 2;
const BLOWS = { kill: { times: KILLS }, cut: { times: CUTS } } satisfies BlowOrder;
/** What is on its way at a blow, one message on each connection, may arrive without anybody knowing. */
const WINDOW = CONNECTIONS * (KILLS + CUTS);
const NAIVE = join(import.meta.dirname, "..", "naive-worker.ts");
/** As long as a mail server nearby takes for its disk. */
const FAULTS = { dotDelayMs: 2 };

type Done = Sending["deeds"]["done"];
type Round = { seed: number; done: Done; ms: number; hold: Verdict; resend: Verdict };
type NaiveRound = { seed: number; done: Done; verdict: Verdict };

export const killed: Figure = {
  figures: [1, 2, 4],
  about: `${KILLS} kills and ${CUTS} cut connections in one sending`,
  async measure(lab) {
    const rounds: Round[] = [];
    for (const seed of lab.seeds) {
      const round = await ours(lab, seed);
      rounds.push(round);
      lab.say(`  seed ${seed}: ${words(round)}`);
    }
    const naive: NaiveRound[] = [];
    for (const seed of lab.seeds.slice(0, lab.naive)) {
      const round = await naively(lab, seed);
      naive.push(round);
      lab.say(`  seed ${seed}, naive: ${doneInWords(round.done)}; ${naiveWords(round.verdict)}`);
    }
    return findings(lab, rounds, naive);
  },
};

function ours(lab: Lab, seed: number): Promise<Round> {
  return onStage(lab, { readers: lab.readers, connections: CONNECTIONS, faults: FAULTS }, async (stage) => {
    const sending = await sendUnderBlows(stage, {
      blows: planBlows(seed, lab.readers, BLOWS),
    });
    const hold = await judge(stage, sending);
    const listed = await listUncertain(stage, sending.issueId);
    await resolveUncertain(stage.db, sending.issueId, "resend");
    await waitUntilSettled(stage, sending.issueId);
    const resend = await judge(stage, sending, { resent: listed });
    return { seed, ms: sending.ms, done: sending.deeds.done, hold, resend };
  });
}

async function listUncertain(stage: Stage, issueId: string): Promise<Set<string>> {
  const ledger = await readLedger(stage.databaseUrl, issueId);
  return new Set(ledger.filter((row) => row.state === "UNCERTAIN").map((row) => row.email));
}

function naively(lab: Lab, seed: number): Promise<NaiveRound> {
  const options = { readers: lab.readers, connections: CONNECTIONS, faults: FAULTS, program: NAIVE };
  return onStage(lab, options, async (stage) => {
    const sending = await sendUnderBlows(stage, { blows: planBlows(seed, lab.readers, BLOWS) });
    return { seed, done: sending.deeds.done, verdict: await judge(stage, sending) };
  });
}

function lostIn({ anomalies, states }: Verdict): number {
  return (
    anomalies.lost.length + anomalies.falseSent.length + anomalies.neverSettled.length + (states.FAILED ?? 0)
  );
}

function extraCopies({ anomalies, duplicatedInWindow }: Verdict): number {
  return anomalies.duplicatedOutside.length + duplicatedInWindow;
}

const isWhole = ({ done }: { done: Done }) => done.kill === KILLS && done.cut === CUTS;

function doneInWords({ kill = 0, cut = 0 }: Done): string {
  return `${kill} kills, ${cut} cuts`;
}

function words({ done, ms, hold, resend }: Round): string {
  return (
    `${doneInWords(done)} in ${(ms / 1_000).toFixed(0)} s; hold: ${statesInWords(hold.states)}, ` +
    `lost ${lostIn(hold)}, twice ${extraCopies(hold)}; resent: lost ${lostIn(resend)}, twice ${extraCopies(resend)}; ` +
    `anomalies: ${wordsOf({ anomalies: hold.anomalies })}, ${wordsOf({ anomalies: resend.anomalies })}`
  );
}

function naiveWords(verdict: Verdict): string {
  return `lost ${lostIn(verdict)}, mailed twice or more ${verdict.anomalies.duplicatedOutside.length}`;
}

function findings(lab: Lab, rounds: Round[], naive: NaiveRound[]): Finding[] {
  const worst = <Item>(items: Item[], value: (item: Item) => number) =>
    items.reduce((one, other) => (value(other) > value(one) ? other : one));
  const lost = worst(rounds, (round) => lostIn(round.hold) + lostIn(round.resend));
  const held = worst(rounds, (round) => extraCopies(round.hold));
  const listed = worst(rounds, (round) => round.hold.states.UNCERTAIN ?? 0);
  const twice = worst(rounds, (round) => extraCopies(round.resend));
  const wrong = worst(rounds, (round) => round.hold.count + round.resend.count);
  const sum = (kind: string) => rounds.reduce((total, { done }) => total + (done[kind] ?? 0), 0);
  const setting =
    `${lab.readers} readers, ${rounds.length} seeds, ` +
    `${doneInWords({ kill: sum("kill"), cut: sum("cut") })}, ${CONNECTIONS} connections`;
  const found = (figure: number, what: string, measured: string, target: string, met: boolean): Finding => ({
    figure,
    what: `${what} (${setting})`,
    measured,
    target,
    met,
  });
  const outside = twice.resend.anomalies.duplicatedOutside.length;
  return [
    found(
      1,
      "lost",
      `${lostIn(lost.hold) + lostIn(lost.resend)} in the worst seed (${lost.seed})`,
      "0",
      lostIn(lost.hold) + lostIn(lost.resend) === 0,
    ),
    found(
      2,
      "mailed twice, policy hold",
      `${extraCopies(held.hold)} in the worst seed (${held.seed}); listed as uncertain at most ${listed.hold.states.UNCERTAIN ?? 0} (seed ${listed.seed})`,
      "0, the uncertain listed",
      extraCopies(held.hold) === 0,
    ),
    found(
      2,
      "mailed twice, policy resend",
      `${extraCopies(twice.resend)} in the worst seed (${twice.seed}), ${outside} of them outside the dot window`,
      `at most ${WINDOW}, none outside the dot window`,
      extraCopies(twice.resend) <= WINDOW &&
        rounds.every((round) => round.resend.anomalies.duplicatedOutside.length === 0),
    ),
    found(
      1,
      "anomalies of any other kind",
      `${wordsOf(wrong.hold)}; resent: ${wordsOf(wrong.resend)}`,
      "none, every blow dealt",
      wrong.hold.count + wrong.resend.count === 0 && rounds.every(isWhole),
    ),
    ...(naive.length === 0 ? [] : [naiveFinding(lab, rounds, naive)]),
  ];
}

function naiveFinding({ readers }: Lab, rounds: Round[], naive: NaiveRound[]): Finding {
  return {
    figure: 4,
    what: `a naive worker in the same rig, batches of 500 (${readers} readers)`,
    measured: naive
      .map(({ seed, done, verdict }) => `seed ${seed}: ${doneInWords(done)}; ${naiveWords(verdict)}`)
      .join("; "),
    target: "the rig finds it, by the same blows as ours",
    met: naive.every((round) => round.verdict.count > 0 && isWhole(round)) && rounds.every(isWhole),
  };
}
