import { expect, test } from "vitest";
import { senderLines } from "./layout";

test.each([
  ["The Gazette", "14 Example Wynd, Edinburgh", ["The Gazette", "14 Example Wynd, Edinburgh"]],
  ["The Gazette", "The Gazette, 14 Example Wynd", ["The Gazette, 14 Example Wynd"]],
  ["The Gazette", "THE GAZETTE Ltd, 14 Example Wynd", ["THE GAZETTE Ltd, 14 Example Wynd"]],
])("the foot of a mail names %s once before %s", (name, postalAddress, lines) => {
  expect(senderLines({ name, postalAddress })).toEqual(lines);
});
