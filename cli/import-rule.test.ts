import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROJECT, program } from "./launch/project";

/** What may not be written, and who says so. Each file breaks one rule; the others keep all of them. */
const REFUSED: Record<string, { source: string; says: string }> = {
  "app/database.tsx": { source: imports("@/prisma/generated/client"), says: "no database, mail or Stripe" },
  "app/stripe.tsx": { source: imports("stripe"), says: "no database, mail or Stripe" },
  "app/mail.tsx": { source: imports("@/lib/mail/mailer"), says: "app asks the domains of lib" },
  "app/browser.tsx": { source: `"use client";\n${imports("@/lib/db")}`, says: "A client component" },
  "lib/publication/late.ts": { source: imports("@/lib/issues/publish"), says: "publication knows only" },
  "lib/subscribers/late.ts": { source: imports("@/lib/memberships/access"), says: "subscribers knows only" },
  "lib/memberships/late.ts": { source: imports("@/lib/deliveries/claim"), says: "memberships knows only" },
  "lib/issues/late.ts": { source: imports("@/lib/deliveries/claim"), says: "issues knows only" },
  "lib/deliveries/late.ts": { source: imports("@/lib/worker/work"), says: "deliveries knows only" },
  "lib/auth/caller.ts": { source: imports("@/app/admin/page"), says: "none of its callers" },
  "lib/mail/asks.ts": { source: imports("@/lib/deliveries/claim"), says: "told what to send" },
  "emails/data.tsx": { source: imports("@/lib/db"), says: "A template takes plain props" },
};
const ALLOWED: Record<string, string> = {
  "app/page.tsx": imports("@/lib/issues/publish"),
  "app/typed.tsx": `"use client";\nimport type { Database } from "@/lib/db";\nexport type Kept = Database;\n`,
  "app/schema.tsx": `"use client";\n${imports("@/lib/issues/document/schema")}`,
  "lib/deliveries/early.ts": imports("@/lib/issues/publish"),
  "lib/worker/work.ts": imports("@/lib/deliveries/claim"),
  "cli/tool.ts": imports("@/lib/deliveries/claim"),
};

function imports(from: string): string {
  return `import { something } from "${from}";\n\nexport const kept = something;\n`;
}

let complaints: string[] = [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "masthead-planted-"));
  for (const name of ["biome.json", "client-imports.grit"])
    await copyFile(join(PROJECT, name), join(folder, name));
  const planted = Object.entries(REFUSED).map(([path, { source }]) => [path, source] as const);
  for (const [path, source] of [...planted, ...Object.entries(ALLOWED)]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), source);
  }
  const biome = program("@biomejs/biome", "bin/biome");
  const call = [biome, "lint", "--vcs-enabled=false", "--max-diagnostics=200", "--reporter=github", "."];
  const { stdout } = spawnSync(process.execPath, call, { cwd: folder, encoding: "utf8" });
  complaints = stdout.split("\n").filter((line) => line.startsWith("::error"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const saidOf = (path: string) => complaints.filter((line) => line.includes(path));

test.each(Object.entries(REFUSED))("%s is refused", (path, { says }) => {
  expect(saidOf(path)).toEqual([expect.stringContaining(says)]);
});

test.each(Object.keys(ALLOWED))("%s is allowed", (path) => {
  expect(saidOf(path)).toEqual([]);
});
