import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdtemp, statfs } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { applyMigrations } from "@/prisma/migrate";
import { type RunningPostgres, startPostgres } from "@/sandbox/postgres/server";

declare module "vitest" {
  export interface ProvidedContext {
    /** Answers a POST with the address of a fresh, migrated database. */
    testDatabaseDesk: string;
  }
}

const TEMPLATE = "masthead";

/**
 * Vitest's global set-up. Postgres starts with the first test file that asks for a database, so that a run of pure tests
 * does not wait for it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<RunningPostgres> | undefined;
  const desk = createServer((request, response) => {
    started ??= startTemplate();
    started
      .then((postgres) => copyTemplate(postgres.url))
      .then(
        (url) => response.end(url),
        (error: unknown) =>
          response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
      );
    request.resume();
  });
  await new Promise<void>((listening) => desk.listen(0, "127.0.0.1", listening));
  const address = desk.address();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  project.provide("testDatabaseDesk", `http://127.0.0.1:${address.port}`);

  return async () => {
    desk.close();
    await started?.then((postgres) => postgres.stop());
  };
}

async function startTemplate(): Promise<RunningPostgres> {
  const folder = await mkdtemp(join(await scratchFolder(), "masthead-test-"));
  const postgres = await startPostgres({ folder, throwaway: true });
  await applyMigrations(postgres.url);
  return postgres;
}

const ROOM_NEEDED = 2 ** 30;

/** Memory where the system offers enough of it (copying a database is ten times faster there), else the disk. */
async function scratchFolder(): Promise<string> {
  try {
    await access("/dev/shm", constants.W_OK);
    const { bavail, bsize } = await statfs("/dev/shm");
    return bavail * bsize >= ROOM_NEEDED ? "/dev/shm" : tmpdir();
  } catch {
    return tmpdir();
  }
}

async function copyTemplate(templateUrl: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const url = new URL(templateUrl);
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY = FILE_COPY`);
  } finally {
    await client.end();
  }
  url.pathname = `/${name}`;
  return url.href;
}
