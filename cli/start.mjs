/**
 * The first step of every command, in plain JavaScript for whatever Node the machine has: looks at the Node version,
 * installs packages when they are missing or incomplete, then hands over to the project's own Node.
 */
import { spawn, spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { whatIsMissing } from "./installed.mjs";

const OLDEST_NODE = 20;
const PROJECT_NODE = 24;
/** Commands that read the rest of the line themselves. */
const PROGRAMS = { masthead: join("cli", "masthead.ts"), bench: join("bench", "bench.ts") };
/** One Ctrl-C arrives several times: from the terminal and from npm. */
const SAME_SIGNAL_MS = 700;

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const programs = join(project, "node_modules", ".bin");
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

async function installBecause(reason) {
  process.stderr.write(`Installing packages (${reason}); this takes a minute or a few…\n`);
  const began = Date.now();
  // Not before the Node version was looked at: an old one cannot even load it.
  const { InstallFailure, Interrupted, install } = await import("./install.mjs");
  try {
    await install(project);
  } catch (error) {
    if (error instanceof Interrupted) {
      process.stderr.write("Stopped. The next start installs again.\n");
      process.exit(130);
    }
    if (!(error instanceof InstallFailure) && !error.code) throw error;
    giveUp(`The packages could not be installed: ${error.message}`);
  }
  process.stderr.write(`Installed packages (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
}

function ownNodeRuns() {
  const answer = spawnSync(ownNode, ["--version"], { encoding: "utf8" });
  return Number.parseInt(answer.stdout?.slice(1) ?? "", 10) >= PROJECT_NODE;
}

async function preparePackages() {
  const missing = whatIsMissing(project);
  if (missing) await installBecause(missing);
  if (ownNodeRuns()) return;
  if (!missing) await installBecause("the project's own Node does not run");
  if (ownNodeRuns()) return;
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
  const [command, ...others] = process.argv.slice(2);
  const program = PROGRAMS[command];
  const file = program ?? join("cli", "launch", "main.ts");
  const child = spawn(
    ownNode,
    ["--import", "tsx", join(project, file), ...(program ? others : process.argv.slice(2))],
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
      // npm may end before the command does, which is no second signal.
      clearInterval(watch);
      child.kill(signal);
    });
  }
  const watch = watchNpm(child);
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
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill("SIGTERM");
  }, 1000).unref();
  return watch;
}

// A closed terminal must not keep what runs from being stopped in order.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
checkNodeVersion();
await preparePackages();
handOver();
