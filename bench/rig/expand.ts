/** A release that comes while an issue is sent: its migration adds to the tables that a worker of the release before uses. */
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyMigrations } from "@/prisma/migrate";
import { MIGRATIONS_FOLDER } from "@/prisma/schema-engine";

/** `number` makes it another one each time. Throws where it could not be applied. */
export async function applyExpandingMigration(databaseUrl: string, number: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "masthead-release-"));
  try {
    await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
    // The engine wants those of the releases in between as well.
    for (let each = 1; each <= number; each++) {
      const name = `2999010100${String(each).padStart(4, "0")}_expand`;
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, "migration.sql"), expand(each));
    }
    const applied = await applyMigrations(databaseUrl, { folder });
    if (applied.length === 0) throw new Error("The migration had been applied before.");
  } finally {
    await rm(folder, { recursive: true });
  }
}

function expand(number: number): string {
  const columns = ["Delivery", "Subscriber", "Membership", "Issue"].map(
    (table) => `ALTER TABLE "${table}" ADD COLUMN "added${number}" TEXT DEFAULT 'by release ${number}';`,
  );
  return `${columns.join("\n")}\nCREATE INDEX "Delivery_added${number}" ON "Delivery"("issueId", "added${number}");`;
}
