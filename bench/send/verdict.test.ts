import { expect, test } from "vitest";
import type { Rate } from "./measure";
import { type RoundFigures, verdictsOf } from "./verdict";

const rate = (perSecond: number, peakMegabytes = 100): Rate => ({
  perSecond,
  peakMegabytes,
  isLimited: true,
  cpu: { sender: 0, postgres: 0, observer: 0 },
});
const round = (engine: number, readyMade: number): RoundFigures => ({
  secondsToFreeze: 1,
  engine: rate(engine),
  references: [
    ["pooled", rate(100)],
    ["ready-made", rate(readyMade)],
  ],
});
const missed = (rounds: RoundFigures[], recipients = 10_000) =>
  verdictsOf(rounds, { recipients, signed: false })
    .filter(({ met }) => !met)
    .map(({ figure, value }) => [figure, Number(value.toFixed(2))]);

test.each([
  [
    "one disturbed round of three changes nothing",
    [round(900, 1_000), round(300, 1_000), round(850, 1_000)],
    [],
  ],
  [
    "one lucky round of three neither",
    [round(700, 1_000), round(1_500, 1_000), round(750, 1_000)],
    [["engine / ready-made", 0.75]],
  ],
  ["of two the mean", [round(700, 1_000), round(840, 1_000)], [["engine / ready-made", 0.77]]],
  [
    "a ratio is of one round, not of two rounds' figures",
    [round(400, 500), round(800, 1_000), round(1_600, 2_000)],
    [],
  ],
])("%s", (_, rounds, expected) => {
  expect(missed(rounds)).toEqual(expected);
});

test("memory and freezing count by their worst round", () => {
  const slow = { ...round(900, 1_000), secondsToFreeze: 7, engine: rate(900, 301) };
  expect(missed([round(900, 1_000), slow, round(900, 1_000)])).toEqual([
    ["megabytes at the peak", 301],
    ["seconds until the audience was frozen", 7],
  ]);
  expect(missed([{ ...slow, engine: rate(900) }], 1_000_000)).toEqual([]);
});

test("signed, all cores together are shown and not judged", () => {
  const references = [
    ["signing", rate(5_000)],
    ["signing-one-core", rate(1_000)],
  ] as const;
  const verdicts = verdictsOf([{ ...round(850, 1), references }], { recipients: 1_000, signed: true });
  expect(verdicts.map(({ target, met }) => [target, met]).slice(0, 2)).toEqual([
    [null, true],
    ["at least 0.8", true],
  ]);
});
