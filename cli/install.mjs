import { spawn } from "node:child_process";
import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const PATIENCE_MS = 5_000;

/** Thrown when a signal ended the installation. What is half-made is recognised by the next start. */
export class Interrupted extends Error {}

/**
 * Installs exactly what package-lock.json names. npm runs in a process group of its own, which a signal ends as a whole
 * before this settles: an npm left behind would take away what the next start installs.
 */
export async function install(project) {
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
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
      env: {
        ...process.env,
        NODE_ENV: "",
        PATH: pathOutside(project),
        npm_config_cache: cacheFolder(),
      },
    });
    await ended(child);
  } finally {
    rmSync(note, { force: true });
  }
}

/** Two installations at once would spoil each other. */
function claim(note) {
  mkdirSync(join(note, ".."), { recursive: true, mode: 0o711 });
  try {
    writeFileSync(note, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const other = Number(readFileSync(note, "utf8"));
    if (isAlive(other)) {
      throw new Error(
        `Another start (process ${other}) is installing here. Let it finish, or end it: kill ${other}`,
      );
    }
    writeFileSync(note, String(process.pid));
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
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
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  for (const signal of signals) process.off(signal, stop);
  if (interrupted) {
    // What npm itself started, such as install scripts.
    end(child, "SIGKILL");
    throw new Interrupted();
  }
  if (code !== 0) throw new Error("npm's words are above");
}

function end(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
