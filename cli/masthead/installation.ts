import { join } from "node:path";
import { createDatabase, type Database } from "@/lib/db";
import { type Env, parseEnv } from "@/lib/env";
import { askForJobsAt, askForNoMoreJobs } from "@/lib/jobs";
import { applyMigrations } from "@/prisma/migrate";
import { startPostgres } from "@/sandbox/postgres/server";
import { StartFailure } from "@/sandbox/process/failure";
import { composeEnvironment } from "../launch/compose-environment";
import { USUAL_PORTS } from "../launch/ports";
import { DATA, makeDataFolder } from "../launch/project";
import { whoRuns } from "../launch/running";
import { localSecrets } from "../launch/secrets";
import { readSettings, type Settings } from "../launch/settings";

export interface Installation {
  db: Database;
  env: Env;
}

/**
 * Runs `work` on the installation that the environment names, or, without DATABASE_URL, on the local one of `npm start`:
 * its database is started for the while when it does not run.
 */
export async function withInstallation<T>(work: (installation: Installation) => Promise<T>): Promise<T> {
  const settings = readSettings();
  if (settings.environment.DATABASE_URL) return connected(work);
  makeDataFolder();
  const running = await whoRuns();
  if (running) {
    if (!running.installation)
      throw new StartFailure("Masthead is being started here. Try again when it is ready.");
    const { databaseUrl, ports } = running.installation;
    await adopt(settings, databaseUrl, ports);
    return connected(work);
  }
  const postgres = await startPostgres({ folder: join(DATA, "postgres") });
  try {
    await applyMigrations(postgres.url);
    await adopt(settings, postgres.url, { ...USUAL_PORTS, ...settings.ports });
    return await connected(work);
  } finally {
    await postgres.stop();
  }
}

/** What `npm start` gives its own processes. */
async function adopt(
  { environment }: Settings,
  databaseUrl: string,
  ports: typeof USUAL_PORTS,
): Promise<void> {
  const secrets = await localSecrets(DATA);
  Object.assign(process.env, composeEnvironment({ environment, ports, secrets, databaseUrl, folder: DATA }));
}

async function connected<T>(work: (installation: Installation) => Promise<T>): Promise<T> {
  const env = parseEnv(process.env);
  const db = createDatabase(env.DATABASE_URL, { connections: 4 });
  askForJobsAt(env.DATABASE_URL);
  try {
    return await work({ db, env });
  } catch (error) {
    throw unreachable(error) ?? error;
  } finally {
    await askForNoMoreJobs();
    await db.$disconnect();
  }
}

/** P1001 and its like: Prisma could not speak to the database at all. */
function unreachable(error: unknown): StartFailure | undefined {
  const { code, message = "" } = error as { code?: string; message?: string };
  if (!code || !/^(P10\d\d|ECONNREFUSED|ENOTFOUND|ETIMEDOUT)$/.test(code)) return undefined;
  return new StartFailure(
    `The database does not answer (${message.trim().split("\n").at(-1)}). Check DATABASE_URL, or run \`npm run masthead -- doctor\`.`,
    { cause: error },
  );
}
