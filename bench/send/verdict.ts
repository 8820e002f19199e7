/** What the engine must reach, and whether the rounds of a run say that it does. */
import type { Contestant } from "./contestant";
import type { Rate } from "./measure";

const TARGETS = {
  megabytes: 300,
  /** For a million recipients; a few may take as long as the drawing of the mail does. */
  freezingSeconds: 60,
  leastFreezingSeconds: 5,
} as const;

/**
 * What the engine must reach of each, at least. With signatures that is what one core signs: all cores together would
 * leave none for who sends and who receives (see the ceiling), and are put beside it to be seen.
 */
const RATIOS: Readonly<Record<"signed" | "unsigned", Partial<Record<Contestant, number>>>> = {
  unsigned: { pooled: 4, "ready-made": 0.8 },
  signed: { "signing-one-core": 0.8 },
};

export type RoundFigures = {
  secondsToFreeze: number;
  engine: Rate;
  references: readonly (readonly [Contestant, Rate])[];
};
export type Verdict = { figure: string; value: number; target: string | null; met: boolean };

/**
 * Ratios by their median over the rounds, since each is of two figures of one round and neighbours on a machine disturb
 * single ones; memory and the time of freezing by their worst.
 */
export function verdictsOf(
  rounds: readonly RoundFigures[],
  { recipients, signed }: { recipients: number; signed: boolean },
): Verdict[] {
  const ratios = RATIOS[signed ? "signed" : "unsigned"];
  const verdicts: Verdict[] = (rounds[0]?.references ?? []).map(([name], index) => {
    const value = median(rounds.map((round) => round.engine.perSecond / perSecondOf(round, index)));
    const least = ratios[name];
    return least === undefined
      ? { figure: `engine / ${name}`, value, target: null, met: true }
      : { figure: `engine / ${name}`, value, target: `at least ${least}`, met: value >= least };
  });
  const megabytes = Math.max(...rounds.map(({ engine }) => engine.peakMegabytes));
  const seconds = Math.max(...rounds.map(({ secondsToFreeze }) => secondsToFreeze));
  const allowed = Math.max(TARGETS.leastFreezingSeconds, (TARGETS.freezingSeconds * recipients) / 1_000_000);
  return [
    ...verdicts,
    {
      figure: "megabytes at the peak",
      value: megabytes,
      target: `at most ${TARGETS.megabytes}`,
      met: megabytes <= TARGETS.megabytes,
    },
    {
      figure: "seconds until the audience was frozen",
      value: seconds,
      target: `at most ${allowed.toFixed(1)}`,
      met: seconds <= allowed,
    },
  ];
}

function perSecondOf({ references }: RoundFigures, index: number): number {
  const [, rate] = references[index] ?? [];
  if (!rate) throw new Error("Every round has the same references.");
  return rate.perSecond;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]];
  if (low === undefined || high === undefined) throw new Error("A median needs a figure.");
  return (low + high) / 2;
}
