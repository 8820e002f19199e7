import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildWhenNeeded, generateWhenNeeded } from "./build";
import { DATA, makeDataFolder, NODE, PROJECT, program } from "./project";
import { run } from "./run";
import { complain, say, seconds, step } from "./say";
import { countPlaywright, countVitest, type TestCounts } from "./test-counts";

/** One check: what it is called, how it runs, and what a person types to run it alone. */
interface Check {
  name: string;
  command: string[];
  alone: string;
}

/** Each lane beside the others; what stands in one needs what stands before it. */
const LANES: Check[][] = [
  [
    {
      name: "Route types",
      command: [NODE, program("next", "dist/bin/next"), "typegen"],
      alone: "npx next typegen",
    },
    {
      name: "Types",
      command: [NODE, program("typescript", "bin/tsc"), "--noEmit"],
      alone: "npm run typecheck",
    },
  ],
  [
    {
      name: "Format, lint, import rules",
      command: [NODE, program("@biomejs/biome", "bin/biome"), "check", "--colors=off", "."],
      alone: "npm run lint",
    },
    { name: "Unused code", command: [NODE, program("knip", "bin/knip.js")], alone: "npm run unused" },
  ],
];

const REPORTS = join(DATA, "test");

/**
 * `npm test` and `npm run check`: stops at the first group that fails, says how to run that alone, and answers with the
 * exit code. Databases, ports and folders are the tests' own.
 */
export async function test(options: { quick: boolean }): Promise<number> {
  const began = performance.now();
  if (!options.quick) await findBrowser();
  makeDataFolder();
  await rm(REPORTS, { recursive: true, force: true });
  await mkdir(REPORTS, { recursive: true });
  await step("Generated the database client", generateWhenNeeded);
  if (!(await passesChecks())) return 1;

  const units = await runUnits();
  if (units.failed > 0 || options.quick) return conclude(units, began);
  await step("Built the site", buildWhenNeeded);
  const journeys = await runJourneys();
  return conclude({ passed: units.passed + journeys.passed, failed: journeys.failed }, began);
}

/** Before minutes of other tests. Playwright is loaded only here, since it takes a second. */
async function findBrowser(): Promise<void> {
  const { findChromium } = await import("./chromium");
  findChromium();
}

/** All of them even if one fails, since they are quick and each says something else. */
async function passesChecks(): Promise<boolean> {
  const failed = (await Promise.all(LANES.map(failuresIn))).flat();
  for (const { name, alone } of failed) complain(`\n${name}: failed. Run it alone with \`${alone}\`.`);
  return failed.length === 0;
}

async function failuresIn(lane: readonly Check[]): Promise<Check[]> {
  const failed: Check[] = [];
  for (const check of lane) {
    const began = performance.now();
    const { code, output } = await run(check.command, { env: { NEXT_TELEMETRY_DISABLED: "1" } });
    say(
      `  ${(code === 0 ? check.name : `${check.name}: failed`).padEnd(44)} ${seconds(performance.now() - began)}`,
    );
    if (code === 0) continue;
    say(output.trimEnd());
    failed.push(check);
  }
  return failed;
}

function runUnits(): Promise<TestCounts> {
  const report = join(REPORTS, "vitest.json");
  return runTests({
    name: "Unit and database tests",
    command: [
      NODE,
      program("vitest", "vitest.mjs"),
      "run",
      `--reporter=${join(PROJECT, "cli", "launch", "quiet-reporter.ts")}`,
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    env: { NO_COLOR: "1" },
    report,
    count: countVitest,
    alone: "npx vitest run <file>",
  });
}

function runJourneys(): Promise<TestCounts> {
  const report = join(REPORTS, "playwright.json");
  return runTests({
    name: "Browser journeys",
    command: [NODE, program("@playwright/test", "cli.js"), "test", "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, FORCE_COLOR: "0" },
    report,
    count: countPlaywright,
    alone: "npx playwright test <file>",
  });
}

async function runTests(options: {
  name: string;
  command: string[];
  env: Record<string, string>;
  report: string;
  count: (report: unknown) => TestCounts;
  alone: string;
}): Promise<TestCounts> {
  const { name, alone } = options;
  const began = performance.now();
  say(`\n  ${name}`);
  const { code } = await run(options.command, { env: options.env, shown: true });
  const counts = await readCounts(options.report, options.count);
  // A run that ends badly without a failing test, as by an unhandled error, has failed all the same.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  const result = `${counts.passed} passed, ${counts.failed} failed`;
  say(`  ${`${name}: ${result}`.padEnd(44)} ${seconds(performance.now() - began)}`);
  if (counts.failed > 0) complain(`\n${name}: failed. Run one file with \`${alone}\`.`);
  return counts;
}

async function readCounts(report: string, count: (report: unknown) => TestCounts): Promise<TestCounts> {
  const text = await readFile(report, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? { passed: 0, failed: 0 } : count(JSON.parse(text));
}

function conclude({ passed, failed }: TestCounts, began: number): number {
  say(`\n  Finished after ${seconds(performance.now() - began)}`);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
