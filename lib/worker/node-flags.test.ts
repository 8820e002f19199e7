import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { WORKER_NODE_FLAGS } from "./node-flags";

test("`npm run worker` runs Node as everything else does that starts a worker", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(scripts.worker).toBe(`exec node ${WORKER_NODE_FLAGS.join(" ")} --import tsx lib/worker/main.ts`);
});
