import { expect, test } from "vitest";
import { refusalSince } from "./refusal";

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 9, 0, second));
const said = (reply: string, second: number) => ({ reply, at: at(second) });

test.each([
  ["no answer holds anything up", null, [], null],
  ["nothing was ever taken", null, [said("535 no", 5)], "535 no"],
  ["nothing was taken since", at(4), [said("535 no", 5)], "535 no"],
  ["other mail was taken since", at(6), [said("550 5.7.1 no", 5)], null],
  ["an old answer and a new one", at(6), [said("550 5.7.1 no", 5), said("535 no", 7)], "535 no"],
  ["both are old", at(8), [said("535 no", 7), said("550 5.7.1 no", 5)], null],
  ["two new ones", at(1), [said("421 busy", 5), said("535 no", 7)], "535 no"],
])("%s", (_name, taken, answers, refusal) => {
  expect(refusalSince(taken, answers)).toBe(refusal);
});
