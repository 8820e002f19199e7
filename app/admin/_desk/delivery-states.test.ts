import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DELIVERY_STATES, stateInWords } from "./delivery-states";

const PROJECT = join(import.meta.dirname, "..", "..", "..");

test("nothing that anybody reads says “delivered”: a mail server's yes is all that can be known", () => {
  const files = globSync("{app,emails}/**/*.{ts,tsx}", { cwd: PROJECT }).filter(
    (file) => !file.includes(".test."),
  );
  expect(files.length).toBeGreaterThan(200);
  const claims = files.filter((file) => /\bdelivered\b/i.test(readFileSync(join(PROJECT, file), "utf8")));
  expect(claims).toEqual([]);
});

test("every state has words of its own", () => {
  const words = DELIVERY_STATES.map(stateInWords);
  expect(new Set(words).size).toBe(DELIVERY_STATES.length);
});
