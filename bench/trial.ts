/**
 * One issue to many readers, sent by its author from the desk in a real browser, while its worker is killed, Postgres
 * crashes and readers leave. Afterwards four accounts of it must agree: the desk, the ledger, the observer that took
 * the mail, and who was there to be mailed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "playwright";
import { chromiumFlags, findChromium } from "@/cli/launch/chromium";
import { PROJECT } from "@/cli/launch/project";
import { freePort } from "@/sandbox/process/ports";
import { draftIssue } from "./rig/audience";
import { planBlows } from "./rig/blows";
import type { Verdict } from "./rig/checker";
import { readBodies, readObserverLog } from "./rig/observer-log";
import { startRigPostgres } from "./rig/postgres";
import { judge, type Sending, sendUnderBlows } from "./rig/run";
import { openStage, type Stage } from "./rig/stage";
import { statesInWords, wordsOf } from "./rig/words";

const HELP = `npm run bench -- trial [--readers 20000] [--seed 1] [--connections 20]

  Needs a build (npm run build) and Chromium.
`;

const AUTHOR = "author@gazette.test";
const KILLS = 20;
const LEAVING = 100;
const MEGABYTES = 300;
const LIMIT_MS = 1_200_000;
const PATIENCE_MS = 60_000;
const FAULTS = { dotDelayMs: 2 };

export async function run(parameters: string[]): Promise<number> {
  const { values } = parseArgs({
    args: parameters,
    options: {
      readers: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      connections: { type: "string", default: "20" },
      help: { type: "boolean", default: false },
    },
  });
  const [readers = 0, seed = 0, connections = 0] = [values.readers, values.seed, values.connections].map(
    Number,
  );
  if (values.help || ![readers, seed, connections].every((one) => Number.isInteger(one) && one > 0)) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  if (!existsSync(join(PROJECT, ".next", "BUILD_ID"))) {
    process.stderr.write("There is no build. Make it with `npm run build`.\n");
    return 2;
  }
  const postgres = await startRigPostgres();
  const port = await freePort();
  const site = `http://127.0.0.1:${port}`;
  const stage = await openStage({
    databaseUrl: await postgres.createDatabase(),
    crashPostgres: postgres.crash,
    readers,
    connections,
    faults: FAULTS,
    keepBodies: true,
    environment: { PUBLIC_URL: site, AUTHOR_EMAIL: AUTHOR },
  });
  const web = startWeb(stage, site);
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags() });
  try {
    return await tryOut(stage, { site, browser, seed });
  } finally {
    await browser.close();
    await endWeb(web);
    await stage.close();
    await postgres.stop();
  }
}

async function tryOut(
  stage: Stage,
  { site, browser, seed }: { site: string; browser: Browser; seed: number },
): Promise<number> {
  const issueId = await draftIssue(stage.db, 1);
  stage.workers.start(1);
  const memory = watchMemory(stage);
  const pictures = await mkdtemp(join(tmpdir(), "masthead-trial-"));
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, timezoneId: "UTC" });
  page.setDefaultTimeout(PATIENCE_MS);
  await signIn(page, stage, site);
  await page.goto(`${site}/admin/issues/${issueId}`);
  await page.getByRole("radio", { name: "Now" }).check();
  await page.getByRole("button", { name: /^Send now to/ }).click();
  await page.getByRole("button", { name: "Send it now" }).click();
  await page.getByRole("region", { name: "Sending" }).waitFor();
  const blows = planBlows(seed, stage.readers, {
    kill: { times: KILLS },
    "crash-postgres": { times: 1 },
    unsubscribe: { times: 1, size: LEAVING },
  });
  const [sent] = await Promise.all([
    sendUnderBlows(stage, { blows, issueId, workers: 0, limitMs: LIMIT_MS }),
    takePictureOnTheWay(page, stage, join(pictures, "on-the-way.png")),
  ]);
  // Who signed in to write is mailed too.
  const everybody = { ...stage, readers: stage.readers + 1 };
  const verdict = await judge(everybody, sent);
  const desk = await readDesk(page, verdict);
  await page.screenshot({ path: join(pictures, "afterwards.png"), fullPage: true });
  memory.end();
  return tell(everybody, { seed, sent, verdict, desk, megabytes: memory.peak(), pictures });
}

function startWeb({ databaseUrl, observer }: Stage, site: string): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", join(PROJECT, "cli", "serve.ts")], {
    cwd: PROJECT,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      SMTP_URL: observer.url,
      PUBLIC_URL: site,
      PORT: new URL(site).port,
      AUTHOR_EMAIL: AUTHOR,
    },
  });
}

async function endWeb(web: ChildProcess): Promise<void> {
  if (web.exitCode !== null) return;
  const exit = once(web, "exit");
  web.kill("SIGTERM");
  await exit;
}

async function signIn(page: Page, stage: Stage, site: string): Promise<void> {
  await until("the site answers", async () => (await fetch(`${site}/sign-in`).catch(() => null))?.ok);
  await page.goto(`${site}/sign-in?next=/admin`);
  await page.getByLabel("Your e-mail address").fill(AUTHOR);
  await page.getByRole("button", { name: "Mail me a code" }).click();
  await page.getByLabel("Code from the mail").fill(await codeFor(stage));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${site}/admin**`);
}

/** As the author reads it in the mail. */
async function codeFor(stage: Stage): Promise<string> {
  const { bodies, log, observer } = stage;
  return until("the author's code arrives", async () => {
    await observer.counts();
    const mine = readObserverLog(log).bodies.filter((body) => body.to === AUTHOR);
    for (const [, message] of bodies === null ? [] : readBodies(bodies, mine)) {
      const code = /^Subject: ([0-9A-Z]{6})\b/m.exec(message.toString("latin1"))?.[1];
      if (code) return code;
    }
  });
}

async function takePictureOnTheWay(page: Page, { observer, readers }: Stage, path: string): Promise<void> {
  const half = async () => (await observer.counts()).taken > readers / 2;
  await until("half of the readers have it", half, LIMIT_MS);
  await page.screenshot({ path });
}

/** As the desk is to say it, of states in which a row can end. */
const WORDS = { SENT: "sent", UNCERTAIN: "uncertain", FAILED: "failed", SKIPPED: "skipped" };

/** The words on the desk: how many readers are in which state. Waits until it has heard of the end. */
async function readDesk(page: Page, { states }: Verdict): Promise<{ words: string[]; agrees: boolean }> {
  const expected = Object.entries(WORDS)
    .filter(([state]) => states[state])
    .map(([state, word]) => `${states[state]?.toLocaleString("en")} ${word}`);
  await page.reload();
  await page.getByText(/^Sent to [\d,]+ (of [\d,]+ )?readers$/).waitFor();
  const shares = page.getByRole("region", { name: "Sending" }).locator("ul").first().getByRole("listitem");
  const words = (await shares.allTextContents()).map((share) => share.trim());
  return { words, agrees: words.join() === expected.join() };
}

/** The highest of all workers that there were, of those that lived long enough to be looked at. */
function watchMemory({ workers }: Stage): { peak(): number; end(): void } {
  let peak = 0;
  const timer = setInterval(() => {
    for (const { pid } of workers.running) peak = Math.max(peak, peakMegabytesOf(pid));
  }, 200);
  return { peak: () => peak, end: () => clearInterval(timer) };
}

function peakMegabytesOf(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

type Account = {
  seed: number;
  sent: Sending;
  verdict: Verdict;
  desk: { words: string[]; agrees: boolean };
  megabytes: number;
  pictures: string;
};

async function tell(
  stage: Stage,
  { seed, sent, verdict, desk, megabytes, pictures }: Account,
): Promise<number> {
  const bodies = readObserverLog(stage.log).bodies.filter((body) => body.at >= sent.beganAt && body.taken);
  const mailed = new Set(bodies.map((body) => body.to));
  const { SENT = 0, UNCERTAIN = 0 } = verdict.states;
  const checks: [string, boolean][] = [
    [`anomalies: ${wordsOf(verdict)}`, verdict.count === 0],
    [
      `the observer has ${mailed.size} readers and ${bodies.length} mails; the ledger ${SENT} sent and ${UNCERTAIN} of which nobody knows`,
      mailed.size === bodies.length && mailed.size >= SENT && mailed.size <= SENT + UNCERTAIN,
    ],
    [`the desk says: ${desk.words.join(", ")}`, desk.agrees],
    [
      `${Math.round(megabytes)} MB at the worker's peak (wanted: at most ${MEGABYTES})`,
      megabytes <= MEGABYTES,
    ],
  ];
  const { readers, connections } = stage;
  say(`${readers} readers, seed ${seed}, ${connections} connections, ${JSON.stringify(sent.deeds.done)}`);
  say(`ledger: ${statesInWords(verdict.states)}`);
  say(`${Math.round(sent.ms / 1_000)} s in all, ${Math.round((readers / sent.ms) * 1_000)} readers a second`);
  for (const [words, met] of checks) say(`${met ? "met   " : "MISSED"}  ${words}`);
  say(`pictures of the desk: ${pictures}`);
  return checks.every(([, met]) => met) ? 0 : 1;
}

async function until<Result>(
  what: string,
  look: () => Promise<Result | undefined>,
  limitMs = PATIENCE_MS,
): Promise<Result> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`It took too long until ${what}.`);
    await sleep(100);
  }
}

function say(words: string): void {
  process.stdout.write(`${words}\n`);
}
