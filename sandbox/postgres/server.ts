import { open, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { StartFailure } from "@/sandbox/process/failure";
import { freePort, isFree } from "@/sandbox/process/ports";
import { spawnWatched, type Watched } from "@/sandbox/process/watched";
import { type Account, chooseAccount } from "./account";
import { findBinaries } from "./binaries";
import { ensureCluster, plainEnvironment, SUPERUSER } from "./cluster";
import { clearFormerRun, holdPlace } from "./former-run";
import { preparePlace } from "./place";

export interface PostgresOptions {
  /** Where database files live. Kept between runs unless `throwaway`. */
  folder: string;
  /** On 127.0.0.1; any free one when it is not given. */
  port?: number;
  /** For tests: trades safety against power loss for speed, and removes the files when stopped. */
  throwaway?: boolean;
}

export interface RunningPostgres {
  /** Of the database `masthead`, for its superuser. */
  url: string;
  /** Where the files really are: another folder than asked for when Postgres could not reach that one. */
  place: string;
  /** Settles when the server is gone, with the last lines it wrote. */
  ended: Promise<string>;
  /** Ends connections and writes everything to disk. May be called twice. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;

/**
 * Starts a Postgres server of its own on 127.0.0.1 and makes what is missing: files, password, the database `masthead`.
 * The server also stops by itself when this process ends in whatever way. Throws StartFailure with a way out.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  if (process.platform === "win32") {
    throw new StartFailure("The embedded Postgres runs on Linux and macOS. Use WSL, or set DATABASE_URL.");
  }
  if (options.port !== undefined && !(await isFree(options.port))) {
    throw new StartFailure(`Port ${options.port}, meant for Postgres, is in use.`);
  }
  const account = chooseAccount(resolve(options.folder));
  const place = await preparePlace(options.folder, account);
  const binaries = await findBinaries(account);
  await holdPlace(place);
  await clearFormerRun(join(place, "data"));
  const throwaway = options.throwaway ?? false;
  const { data, password } = await ensureCluster({ place, initdb: binaries.initdb, account, throwaway });
  const port = options.port ?? (await freePort());
  const logFile = join(place, "server.log");
  const server = await launch({ program: binaries.postgres, data, port, account, logFile, throwaway });
  const ended = server.ended.then(() => lastLines(logFile));

  const stop = async () => {
    await server.stop(STOP_LIMIT_MS);
    if (throwaway) await rm(place, { recursive: true, force: true });
  };
  const url = (database: string) => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  try {
    await waitUntilReady(url("postgres"), ended);
    await ensureDatabase(url("postgres"), "masthead");
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: url("masthead"), place, ended, stop };
}

async function launch(options: {
  program: string;
  data: string;
  port: number;
  account: Account | undefined;
  logFile: string;
  throwaway: boolean;
}): Promise<Watched> {
  const { account } = options;
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "120",
    log_min_messages: "warning",
    ...(options.throwaway ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = await open(options.logFile, "w", 0o600);
  const watched = spawnWatched([options.program, "-D", options.data, "-p", String(options.port), ...flags], {
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
    cwd: "/",
    env: plainEnvironment(),
    output: log.fd,
    // Postgres: SIGINT ends connections and shuts down cleanly, SIGTERM would wait for clients to leave.
    stopSignal: "INT",
  });
  await log.close();
  return watched;
}

async function waitUntilReady(url: string, ended: Promise<string>): Promise<void> {
  let over: string | undefined;
  void ended.then((lines) => {
    over = lines;
  });
  const deadline = Date.now() + START_LIMIT_MS;
  let last: unknown;
  while (Date.now() < deadline) {
    if (over !== undefined) throw new StartFailure(`Postgres ended while it was starting:\n${over}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      last = error;
      if (!isStarting(error)) break;
      await pause(25);
    }
  }
  throw new StartFailure(`Postgres started but does not answer (${String(last)}).`, { cause: last });
}

/** 57P03 is Postgres's "cannot connect now", as while it recovers from a crash. */
function isStarting(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === "ECONNREFUSED" || code === "57P03" || code === "ECONNRESET";
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trim().split("\n").slice(-8).join("\n");
}
