/**
 * The first step of every command, in plain JavaScript for whatever Node the machine has: looks at the Node version,
 * installs packages when they are missing or incomplete, then hands over to the project's own Node.
 */
import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { whatIsMissing } from "./installed.mjs";

const OLDEST_NODE = 20;
const PROJECT_NODE = 24;
/** One Ctrl-C arrives several times: from the terminal and from npm. */
const SAME_SIGNAL_MS = 700;

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(project, "node_modules");
const programs = join(modules, ".bin");
const ownNode = join(programs, "node");

function giveUp(message) {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}

function checkNodeVersion() {
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) return;
  giveUp(
    `This needs Node ${OLDEST_NODE} or later to begin with; here is ${process.version}. Get one from nodejs.org.`,
  );
}

/** npm needs a folder to keep downloads in, also where the home folder cannot be written. */
function cacheFolder() {
  const usual = process.env.npm_config_cache || join(homedir(), ".npm");
  try {
    mkdirSync(usual, { recursive: true });
    accessSync(usual, constants.W_OK);
    return usual;
  } catch {
    return join(tmpdir(), `masthead-npm-${process.getuid?.() ?? "cache"}`);
  }
}

/** The npm that runs us, on a Node that lies outside of the folder which it is about to replace. */
function npmCommand() {
  const npm = process.env.npm_execpath;
  const inside = process.execPath.startsWith(modules);
  return npm?.endsWith("npm-cli.js") && !inside ? [process.execPath, npm] : ["npm"];
}

function pathWithoutProject() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.filter((folder) => !folder.startsWith(modules)).join(delimiter);
}

function install(reason) {
  process.stdout.write(`Installing packages (${reason})…\n`);
  const began = Date.now();
  const parameters = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const [program, ...first] = npmCommand();
  const result = spawnSync(program, [...first, ...parameters], {
    cwd: project,
    stdio: "inherit",
    env: { ...process.env, PATH: pathWithoutProject(), npm_config_cache: cacheFolder(), NODE_ENV: "" },
  });
  if (result.signal || result.status === 130 || result.status === 143) {
    process.stderr.write("\nStopped while installing. The next start installs again.\n");
    process.exit(130);
  }
  if (result.status !== 0) {
    giveUp(
      `The packages could not be installed${result.error ? ` (${result.error.message})` : ""}; npm's words are above.\n` +
        "Check that the package registry can be reached (`npm ping`) and that this folder can be written, then try again.",
    );
  }
  process.stdout.write(`Installed packages (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
}

function checkOwnNode() {
  const answer = spawnSync(ownNode, ["--version"], { encoding: "utf8" });
  if (Number.parseInt(answer.stdout?.slice(1) ?? "", 10) >= PROJECT_NODE) return;
  giveUp(
    `The project's own Node ${PROJECT_NODE} does not run (${ownNode}).\n` +
      "It comes with the npm package `node`, whose install script may have been blocked (npm's ignore-scripts) or may\n" +
      "not know this kind of machine. Try `npm config set ignore-scripts false`, then `rm -rf node_modules` and again.",
  );
}

/**
 * Runs the real command in a process group of its own, so that a signal reaches it once, from here. When this process
 * is killed, the channel between the two closes, and the other one stops everything.
 */
function handOver() {
  const parameters = process.argv.slice(2);
  const child = spawn(
    ownNode,
    ["--import", "tsx", join(project, "cli", "launch", "main.ts"), ...parameters],
    {
      cwd: project,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      detached: true,
      env: { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH ?? ""}` },
    },
  );
  let loaded = false;
  let lastSignal = 0;
  child.once("message", () => {
    loaded = true;
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (Date.now() - lastSignal < SAME_SIGNAL_MS) return;
      lastSignal = Date.now();
      child.kill(signal);
    });
  }
  watchNpm(child);
  child.once("error", (error) => giveUp(`The project's own Node does not start: ${error.message}`));
  child.once("exit", (code, signal) => {
    if (signal)
      process.stderr.write(`\nThe command was ended by ${signal}; what it had started stops by itself.\n`);
    if (!loaded && signal === null) {
      process.stderr.write(
        "\nThe command could not be loaded. If node_modules is damaged, `rm -rf node_modules` and try again.\n",
      );
    }
    process.exit(code ?? 1);
  });
}

/** npm passes signals on, except the one that cannot be caught: then this process gets another parent. */
function watchNpm(child) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill("SIGTERM");
  }, 1000).unref();
}

checkNodeVersion();
const missing = whatIsMissing(project);
if (missing) install(missing);
checkOwnNode();
handOver();
