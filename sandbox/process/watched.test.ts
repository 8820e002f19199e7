import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { identify } from "./running-process";
import { spawnWatched } from "./watched";

const STARTER = join(fileURLToPath(import.meta.url), "..", "start-and-wait.fixture.ts");
/** Says its number, then stays until it is told to stop. */
const STAYS = "console.log(process.pid); setInterval(() => {}, 1000);";

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (!stream) throw new Error("There is no output to read.");
  const [chunk] = await once(stream, "data");
  return String(chunk).trim();
}

const gone = (pid: number) =>
  vi.waitFor(async () => expect(await identify(pid)).toBeUndefined(), { timeout: 10_000, interval: 20 });

test("its exit code is the program's", async () => {
  const { ended } = spawnWatched([process.execPath, "-e", "process.exit(7)"], { env: {}, output: "pipe" });
  expect(await ended).toBe(7);
});

test("a program that is asked to stop can put things in order", async () => {
  const polite = `process.on("SIGTERM", () => { console.log("in order"); process.exit(0); }); ${STAYS}`;
  const { child, ended, stop } = spawnWatched([process.execPath, "-e", polite], { env: {}, output: "pipe" });
  await firstLine(child.stdout);
  const said = firstLine(child.stdout);
  await stop(10_000);
  expect(await said).toBe("in order");
  expect(await ended).toBe(0);
});

test("a program that does not listen is killed", async () => {
  const deaf = `process.on("SIGTERM", () => {}); ${STAYS}`;
  const { child, stop } = spawnWatched([process.execPath, "-e", deaf], { env: {}, output: "pipe" });
  const pid = Number(await firstLine(child.stdout));
  await stop(50);
  await gone(pid);
});

test("what a program leaves running ends with it", async () => {
  const parent = `const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", ${JSON.stringify(STAYS)}], { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.once("data", (said) => process.stdout.write(said, () => process.exit(0)));`;
  const { child, ended } = spawnWatched([process.execPath, "-e", parent], { env: {}, output: "pipe" });
  const pid = Number(await firstLine(child.stdout));
  await ended;
  await gone(pid);
});

test("nothing outlives a starter that is killed without warning", async () => {
  const starter = spawn(process.execPath, ["--import", "tsx", STARTER], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pid = Number(await firstLine(starter.stdout));
  expect(await identify(pid)).toBeDefined();
  starter.kill("SIGKILL");
  await gone(pid);
});
