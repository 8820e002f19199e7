import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { applyMigrations } from "@/prisma/migrate";
import { type RunningPostgres, startPostgres } from "@/sandbox/postgres/server";
import { makeScratchFolder } from "@/sandbox/process/scratch";

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
  let started: Promise<Template> | undefined;
  const desk = createServer((request, response) => {
    started ??= startTemplate();
    started
      .then(({ postgres }) => copyTemplate(postgres.url))
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
    const template = await started?.catch(() => undefined);
    await template?.postgres.stop();
    if (template) await rm(template.folder, { recursive: true, force: true });
  };
}

interface Template {
  postgres: RunningPostgres;
  folder: string;
}

async function startTemplate(): Promise<Template> {
  const folder = await makeScratchFolder();
  const postgres = await startPostgres({ folder: join(folder, "postgres"), throwaway: true });
  await applyMigrations(postgres.url);
  return { postgres, folder };
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
