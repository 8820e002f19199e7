import { createHash } from "node:crypto";
import { chown, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { StartFailure } from "@/sandbox/process/failure";
import { type Account, canReach } from "./account";

/** Where things go that the borrowed account could not reach inside the project, as when it lies under /root. */
export const SHARED_FOLDER = "/var/lib/masthead";

/**
 * The folder that a cluster lives in: the one asked for, or, when the account cannot reach it, one of the same meaning
 * under SHARED_FOLDER. It exists afterwards, belongs to the account, and nobody else can enter it.
 */
export async function preparePlace(folder: string, account: Account | undefined): Promise<string> {
  const wanted = resolve(folder);
  if (!account) {
    await makeFolder(wanted);
    return wanted;
  }
  await mkdir(dirname(wanted), { recursive: true, mode: 0o711 }).catch(refuse(dirname(wanted)));
  if (canReach(account, dirname(wanted), "x")) {
    await makeFolder(wanted);
    await chown(wanted, account.uid, account.gid);
    if (canReach(account, wanted, "w")) return wanted;
  }
  const elsewhere = join(SHARED_FOLDER, nameOf(wanted));
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 }).catch(refuse(SHARED_FOLDER));
  await makeFolder(elsewhere);
  await chown(elsewhere, account.uid, account.gid).catch(refuse(elsewhere));
  if (!canReach(account, elsewhere, "w")) {
    throw new StartFailure(
      `Postgres runs as the account "${account.name}", which can reach neither ${wanted} nor ${elsewhere}.\n` +
        "Move the project to a folder that others may enter, or set DATABASE_URL to a Postgres server of your own.",
    );
  }
  return elsewhere;
}

/** One name per path, readable and short. */
export function nameOf(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 16);
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(refuse(folder));
}

function refuse(folder: string): (cause: unknown) => never {
  return (cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartFailure(
      `The folder ${folder} for the database could not be made (${reason}).\n` +
        "Make it writable, or set DATABASE_URL to a Postgres server of your own.",
      { cause },
    );
  };
}
