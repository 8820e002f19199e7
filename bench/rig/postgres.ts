/** A Postgres of the rig's own, safe against its own crashes, which can be crashed. */
import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { applyMigrations } from "@/prisma/migrate";
import { startPostgres } from "@/sandbox/postgres/server";
import { makeScratchFolder } from "@/sandbox/process/scratch";

export type RigPostgres = {
  /** A fresh, migrated database. */
  createDatabase(): Promise<string>;
  /** As `pg_ctl restart -m immediate`: no shutdown, then recovery from the log. */
  crash(): Promise<void>;
  stop(): Promise<void>;
};

export async function startRigPostgres(): Promise<RigPostgres> {
  const scratch = await makeScratchFolder();
  const folder = join(scratch, "postgres");
  let running = await startPostgres({ folder });
  const template = new URL(running.url);
  const port = Number(template.port);
  await applyMigrations(running.url);
  return {
    async createDatabase() {
      const url = new URL(template);
      url.pathname = "/postgres";
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      url.pathname = `/rig_${randomUUID().replaceAll("-", "")}`;
      await client.query(`CREATE DATABASE ${url.pathname.slice(1)} TEMPLATE masthead`);
      await client.end();
      return url.href;
    },
    async crash() {
      const [pid] = (await readFile(join(running.place, "data", "postmaster.pid"), "utf8")).split("\n");
      process.kill(Number(pid), "SIGQUIT");
      await running.ended;
      running = await startPostgres({ folder, port });
    },
    async stop() {
      await running.stop();
      await rm(running.place, { recursive: true, force: true });
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
