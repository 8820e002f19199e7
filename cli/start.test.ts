import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PROJECT } from "./launch/project";

/** The first step of every command as a real process, in a project that has nothing yet but it, with npm played. */

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "masthead-first-step-"));
  await mkdir(join(project, "cli"));
  for (const file of ["start.mjs", "install.mjs", "install-advice.mjs", "installed.mjs"])
    await cp(join(PROJECT, "cli", file), join(project, "cli", file));
});
afterEach(() => rm(project, { recursive: true }));

async function start(npm: string, ...nodeOptions: string[]): Promise<ChildProcess> {
  await writeFile(join(project, "npm-cli.js"), npm);
  return spawn(process.execPath, [...nodeOptions, join(project, "cli", "start.mjs")], {
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      HOME: project,
      npm_execpath: join(project, "npm-cli.js"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function endOf(child: ChildProcess) {
  if (!child.stderr) throw new Error("There is no error stream.");
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { code, said };
}

const NEVER_ENDS = `process.title = "npm ci"; console.error("npm works"); setInterval(() => {}, 1000);`;

/** Waits until the played npm runs, so that what follows meets an installation under way. */
async function startedInstalling(): Promise<ChildProcess> {
  const child = await start(NEVER_ENDS);
  for await (const words of child.stderr ?? []) if (String(words).includes("npm works")) break;
  return child;
}

test("an old Node is told the version that is needed, and nothing is installed", async () => {
  const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'16.20.2'})";
  const { code, said } = await endOf(await start("", "--import", pretend));
  expect(code).toBe(1);
  expect(said).toContain("needs Node 20 or later");
  expect(said).not.toMatch(/^\s+at /m);
  expect(await readdir(project)).not.toContain(".data");
});

test("a registry that does not answer is told with what to look at, without npm's stack", async () => {
  const npm = `console.error("npm error code ECONNREFUSED\\nnpm error     at connect (net.js:1:1)"); process.exit(1);`;
  const { code, said } = await endOf(await start(npm));
  expect(code).toBe(1);
  expect(said).toContain("npm error code ECONNREFUSED");
  expect(said).toContain("The package registry cannot be reached");
  expect(said).not.toMatch(/ at connect/);
});

test("a second start beside an installation is told which process to wait for", async () => {
  const first = await startedInstalling();
  const { code, said } = await endOf(await start(NEVER_ENDS));
  expect(code).toBe(1);
  expect(said).toContain(`Another start (process ${first.pid}) is installing here`);
  first.kill("SIGINT");
  expect(await once(first, "exit")).toEqual([130, null]);
  expect(await readdir(join(project, ".data"))).toEqual([]);
});

test("after an installation that was killed, its npm is ended and the next start installs", async () => {
  const first = await startedInstalling();
  first.kill("SIGKILL");
  await once(first, "exit");
  const { said } = await endOf(await start(`console.error("npm error second"); process.exit(1);`));
  expect(said).toContain("npm error second");
  expect(said).not.toContain("Another start");
});
