import { randomBytes } from "node:crypto";
import { access, chown, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartFailure } from "@/sandbox/process/failure";
import { spawnWatched, type Variables } from "@/sandbox/process/watched";
import type { Account } from "./account";

export const SUPERUSER = "masthead";

/**
 * Makes the database files in `place` unless they are there, and returns the password. The file "made" is written last,
 * so that files left half-made by a kill are recognised and made again; finished ones are never touched.
 */
export async function ensureCluster(options: {
  place: string;
  initdb: string;
  account: Account | undefined;
  throwaway: boolean;
}): Promise<{ data: string; password: string }> {
  const { place, account } = options;
  const data = join(place, "data");
  const passwordFile = join(place, "password");
  const made = join(place, "made");
  if (await exists(made)) return { data, password: (await readFile(passwordFile, "utf8")).trim() };

  await rm(data, { recursive: true, force: true });
  const password = randomBytes(24).toString("base64url");
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  await runInitdb({ ...options, data, passwordFile });
  await writeFile(made, "");
  return { data, password };
}

/** The locale is Postgres's own (version 17 and later), so that none needs to be installed. */
async function runInitdb(options: {
  initdb: string;
  data: string;
  passwordFile: string;
  account: Account | undefined;
  throwaway: boolean;
}): Promise<void> {
  const { account } = options;
  const parameters = [
    `--pgdata=${options.data}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${options.passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    ...(options.throwaway ? ["--no-sync"] : []),
  ];
  const { child, ended } = spawnWatched([options.initdb, ...parameters], {
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
    cwd: "/",
    env: plainEnvironment(),
    output: "pipe",
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const code = await ended;
  if (code !== 0) {
    const lines = said.trim().split("\n").slice(-4).join("\n  ");
    // initdb hands its own path to a shell inside double quotes.
    const advice = /["$`\\]/.test(options.initdb)
      ? "\nPostgres's programs do not cope with this folder's name: move the project to one without \", $, ` and \\."
      : "";
    throw new StartFailure(
      `The database files could not be made in ${options.data} (initdb, exit code ${code}):\n  ${lines}${advice}`,
    );
  }
}

/** Postgres reads PG… variables and locales of whoever starts it; a cluster must not depend on them. */
export function plainEnvironment(): Variables {
  const { PATH, TMPDIR, LD_LIBRARY_PATH } = process.env;
  return { PATH, TMPDIR, LD_LIBRARY_PATH, LC_ALL: "C" };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
