import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeScratchFolder } from "@/sandbox/process/scratch";
import { type RunningPostgres, startPostgres } from "./server";

let scratch: string;
let folder: string;
const running: RunningPostgres[] = [];

async function start(): Promise<RunningPostgres> {
  const postgres = await startPostgres({ folder });
  running.push(postgres);
  return postgres;
}

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeEach(async () => {
  scratch = await makeScratchFolder();
  folder = join(scratch, "a folder with spaces", "postgres");
});

afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop();
  await rm(scratch, { recursive: true, force: true });
});

test("a first start makes a UTF-8 database, and a second one finds what the first one kept", async () => {
  const first = await start();
  expect(await ask(first.url, "SHOW server_encoding")).toEqual([{ server_encoding: "UTF8" }]);
  await ask(first.url, "CREATE TABLE kept AS SELECT 'ünïcode' AS word");
  await first.stop();
  const second = await start();
  expect(await ask(second.url, "SELECT word FROM kept")).toEqual([{ word: "ünïcode" }]);
});

test("database files left half-made by a kill are made again", async () => {
  await mkdir(join(folder, "data", "base"), { recursive: true });
  await writeFile(join(folder, "data", "PG_VERSION"), "18");
  const postgres = await start();
  expect(await ask(postgres.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

describe("on files of an earlier start", () => {
  let made: string;

  beforeAll(async () => {
    made = await makeScratchFolder();
    await (await startPostgres({ folder: made })).stop();
  });
  beforeEach(() => {
    folder = made;
  });
  afterAll(() => rm(made, { recursive: true, force: true }));

  test("a lock file left by a crash, naming a process that lives but is no Postgres, does not stand in the way", async () => {
    const first = await start();
    const lock = join(first.place, "data", "postmaster.pid");
    const content = await readFile(lock, "utf8");
    await first.stop();
    await writeFile(lock, content.replace(/^\d+/, String(process.ppid)));
    const second = await start();
    expect(await ask(second.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("a port in use is refused before anything is made", async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    const other = join(scratch, "other");
    await expect(startPostgres({ folder: other, port })).rejects.toThrow(
      `Port ${port}, meant for Postgres, is in use`,
    );
    await expect(access(other)).rejects.toThrow("ENOENT");
  });

  test("the server listens on this machine alone and lets nobody in without the password", async () => {
    const { url } = await start();
    expect(await ask(url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
    const stranger = new URL(url);
    stranger.password = "guess";
    await expect(ask(stranger.href, "SELECT 1")).rejects.toThrow("password authentication failed");
  });

  test("stopping twice is one stop", async () => {
    const postgres = await start();
    await Promise.all([postgres.stop(), postgres.stop()]);
  });
});
