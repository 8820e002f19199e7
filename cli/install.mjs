import { spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { adviceAfter, isForPeople } from "./install-advice.mjs";

const PATIENCE_MS = 5_000;
const LAST_WORDS_MS = 1_000;
/** On a full disk npm neither ends nor says a word for many minutes, so room is looked for first. */
const ROOM_NEEDED = 1.5e9;

/** Thrown when a signal ended the installation. What is half-made is recognised by the next start. */
export class Interrupted extends Error {}

/** Thrown when it could not be done; the message says why and what to do. */
export class InstallFailure extends Error {}

/**
 * Installs exactly what package-lock.json names. npm runs in a process group of its own, which a signal ends as a whole
 * before this settles: an npm left behind would take away what the next start installs.
 */
export async function install(project) {
  refuseHopeless(project);
  const note = join(project, ".data", "installing");
  claim(note);
  try {
    const [program, ...first] = npmCommand(project);
    const parameters = [
      "ci",
      "--include=dev",
      "--include=optional",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ];
    const child = spawn(program, [...first, ...parameters], {
      cwd: project,
      stdio: ["ignore", "inherit", "pipe"],
      detached: true,
      env: {
        ...process.env,
        NODE_ENV: "",
        PATH: pathOutside(project),
        npm_config_cache: cacheFolder(),
      },
    });
    if (child.pid) writeFileSync(note, `${process.pid} ${child.pid}`);
    await ended(child);
  } finally {
    rmSync(note, { force: true });
  }
}

function refuseHopeless(project) {
  const places = [project, join(project, "node_modules"), join(project, ".data")];
  for (const place of places.filter(existsSync)) {
    try {
      accessSync(place, constants.W_OK);
    } catch {
      const { username } = userInfo();
      throw new InstallFailure(
        `${place} cannot be written by ${username}.\n` +
          "Work as the user whom it belongs to, or in a clone of your own (`git clone`), or change its owner:\n" +
          `sudo chown -R ${username} '${project}'`,
      );
    }
  }
  const { bavail, bsize } = statfsSync(places.filter(existsSync)[1] ?? project);
  const room = bavail * bsize;
  if (room >= ROOM_NEEDED) return;
  throw new InstallFailure(
    `The packages take ${ROOM_NEEDED / 1e9} GB, and the disk of ${project} has ${(room / 1e9).toFixed(2)} GB left.\n` +
      "Make room on it, or clone the project to another disk.",
  );
}

/**
 * Two installations at once would spoil each other. A start that was killed leaves its note, and maybe its npm, which is
 * ended here.
 */
function claim(note) {
  mkdirSync(join(note, ".."), { recursive: true, mode: 0o711 });
  try {
    writeFileSync(note, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const [start, npm] = readFileSync(note, "utf8").split(" ").map(Number);
    if (start !== process.pid && commandOf(start).includes("start.mjs")) {
      throw new InstallFailure(
        `Another start (process ${start}) is installing here. Let it finish, or end it: kill ${start}`,
      );
    }
    if (npm && commandOf(npm).includes("npm")) end({ pid: npm }, "SIGKILL");
    writeFileSync(note, String(process.pid));
  }
}

/** A number may belong to somebody else by now, so the command line is looked at. Empty when there is no such process. */
function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
  }
}

/** The npm that runs us, on a Node that lies outside of the folder which it is about to replace. */
function npmCommand(project) {
  const npm = process.env.npm_execpath;
  const inside = process.execPath.startsWith(project);
  return npm?.endsWith("npm-cli.js") && !inside ? [process.execPath, npm] : ["npm"];
}

function pathOutside(project) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.filter((folder) => !folder.startsWith(project)).join(delimiter);
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

async function ended(child) {
  let interrupted = false;
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const stop = () => {
    if (interrupted) return;
    interrupted = true;
    process.stderr.write("\nStopping the installation…\n");
    end(child, "SIGTERM");
    setTimeout(() => end(child, "SIGKILL"), PATIENCE_MS).unref();
  };
  for (const signal of signals) process.on(signal, stop);
  let said = "";
  createInterface({ input: child.stderr }).on("line", (line) => {
    said = `${said}${line}\n`.slice(-20_000);
    if (isForPeople(line)) process.stderr.write(`${line}\n`);
  });
  const code = await new Promise((resolve, reject) => {
    child.once("error", () =>
      reject(new InstallFailure("npm cannot be started. It comes with Node: nodejs.org.")),
    );
    child.once("close", resolve);
    // What npm has left running may keep its error stream open.
    child.once("exit", (code) => setTimeout(resolve, LAST_WORDS_MS, code));
  });
  for (const signal of signals) process.off(signal, stop);
  if (interrupted) {
    // What npm itself started, such as install scripts.
    end(child, "SIGKILL");
    throw new Interrupted();
  }
  if (code !== 0) throw new InstallFailure(`npm's words are above.\n${adviceAfter(said)}`);
}

function end(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
