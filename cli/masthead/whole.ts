import { open, readFile, rename, rm } from "node:fs/promises";
import type { Command } from "commander";
import { DomainError } from "@/lib/errors";
import { exportInstallation } from "@/lib/installation/export";
import { importInstallation } from "@/lib/installation/import";
import { createDiskStorage } from "@/lib/issues/images/storage";
import { announceChange } from "@/lib/publication/announce-change";
import { withInstallation } from "./installation";
import { answersWith, count, fromWhereTyped } from "./verb";

type Counts = {
  issues: number;
  subscribers: number;
  memberships: number;
  suppressions: number;
  deliveries: number;
  pictures: number;
  notes: string[];
};

export function addWhole(program: Command): void {
  const take = program
    .command("export <file>")
    .description("the whole installation as one ZIP: settings, issues, people, pictures; no secrets");
  answersWith(take, (file: string) =>
    withInstallation(async ({ db, env }) => {
      const path = fromWhereTyped(file);
      const storage = createDiskStorage(env.MEDIA_FOLDER);
      const data = await writeWhole(path, (write) =>
        exportInstallation(db, { storage, now: new Date() }, write),
      );
      return { data: { file: path, ...data }, words: [`Wrote ${path}`, ...wordsFor(data)] };
    }),
  );
  const put = program
    .command("import <file>")
    .description("fills an empty installation from such a ZIP; refuses where anything is here already");
  answersWith(put, (file: string) =>
    withInstallation(async ({ db, env }) => {
      const zip = await readFile(fromWhereTyped(file));
      const data = await importInstallation(db, zip, { storage: createDiskStorage(env.MEDIA_FOLDER) });
      await announceChange(["issues", "publication"]);
      return { data, words: ["Brought in:", ...wordsFor(data)] };
    }),
  );
}

function wordsFor({ notes, ...counts }: Counts): string[] {
  const { issues, subscribers, memberships, suppressions, deliveries, pictures } = counts;
  return [
    `  ${count(issues, "issue")}, ${count(subscribers, "subscriber")}, ${count(memberships, "membership")}, ${count(suppressions, "suppression")}, ${count(pictures, "picture")}, ${count(deliveries, "mail")} sent or tried`,
    ...notes.map((note) => `Note: ${note}`),
  ];
}

/** The file appears whole or not at all, readable by its owner only. An existing one is never written over. */
async function writeWhole<T>(
  path: string,
  fill: (write: (chunk: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  const claim = await open(path, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST")
      throw new DomainError("CONFLICT", `${path} exists already. Name another file, or remove it.`);
    throw error;
  });
  await claim.close();
  const half = `${path}.part`;
  try {
    const handle = await open(half, "w", 0o600);
    const result = await fill(async (chunk) => {
      await handle.writeFile(chunk);
    }).finally(() => handle.close());
    await rename(half, path);
    return result;
  } catch (error) {
    await rm(half, { force: true });
    await rm(path, { force: true });
    throw error;
  }
}
