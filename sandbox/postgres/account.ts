import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { StartFailure } from "@/sandbox/process/failure";

/** The system account that Postgres runs as. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

const CANDIDATES = ["postgres", "_postgres", "nobody"];

/**
 * Postgres refuses to run as root, so root borrows the account that owns `folder`, if that is an ordinary one, or else an
 * unprivileged account that every system has. Everybody else runs Postgres as themselves: undefined. Throws
 * StartFailure when root finds no such account or may not switch to it.
 */
export function chooseAccount(folder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(folder, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) {
    const account = { name: `number ${owner.uid}`, uid: owner.uid, gid: owner.gid };
    if (canRun(account)) return account;
  }
  for (const name of CANDIDATES) {
    const account = findAccount(name);
    if (!account) continue;
    if (canRun(account)) return account;
  }
  throw new StartFailure(
    "Postgres does not run as root, and no other account can be used here.\n" +
      "Create one with `useradd --system postgres`, or run this as an ordinary user, or set DATABASE_URL to a\n" +
      "Postgres server of your own.",
  );
}

function findAccount(name: string): Account | undefined {
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function canRun(account: Account): boolean {
  return spawnSync("true", { uid: account.uid, gid: account.gid, cwd: "/" }).status === 0;
}

/** Whether the account can get at a file or folder: `x` to enter or run, `r` to read, `w` to write. */
export function canReach(account: Account, path: string, right: "r" | "w" | "x"): boolean {
  const test = spawnSync("test", [`-${right}`, path], { uid: account.uid, gid: account.gid, cwd: "/" });
  return test.status === 0;
}
