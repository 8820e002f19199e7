import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartFailure } from "@/sandbox/process/failure";
import { fingerprint } from "./fingerprint";
import { NODE, PROJECT, program } from "./project";
import { mustRun } from "./run";
import { whoRuns } from "./running";

const GENERATED = join(PROJECT, "prisma", "generated");
const BUILT = join(PROJECT, ".next");
/** Written after success, holding the fingerprint of what was made from; so a half-made result is made again. */
const STAMP = "made-from";

/** Prisma's `generate` looks for its native engine though it does not use it; any existing file will do. */
const PRISMA_ENVIRONMENT = {
  PRISMA_SCHEMA_ENGINE_BINARY: NODE,
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
  CHECKPOINT_DISABLE: "1",
};

const BUILT_FROM = [
  "app",
  "emails",
  "lib",
  "public",
  "prisma/schema.prisma",
  "instrumentation.ts",
  "next.config.ts",
  "package-lock.json",
  "postcss.config.mjs",
  "proxy.ts",
  "tsconfig.json",
];

/** Makes the Prisma client when the schema or Prisma changed; false when there was nothing to do. */
export async function generateWhenNeeded(): Promise<boolean> {
  const wanted = await fingerprint(PROJECT, [
    "prisma/schema.prisma",
    "prisma.config.ts",
    "node_modules/prisma/package.json",
  ]);
  if ((await stampOf(GENERATED)) === wanted) return false;
  const command = [NODE, program("prisma", "build/index.js"), "generate"];
  await mustRun("Generating the database client", command, { env: PRISMA_ENVIRONMENT });
  await writeFile(join(GENERATED, STAMP), wanted);
  return true;
}

/** Builds the site when something that it is made of changed; false when there was nothing to do. */
export async function buildWhenNeeded(): Promise<boolean> {
  const wanted = await fingerprint(PROJECT, BUILT_FROM, (path) => /\.test\.tsx?$/.test(path));
  if ((await stampOf(BUILT)) === wanted && (await exists(join(BUILT, "BUILD_ID")))) return false;
  const other = await whoRuns();
  if (other) {
    throw new StartFailure(
      `The code has changed, but Masthead runs from the present build (process ${other.pid}, ${other.url}).\n` +
        `Stop it first (Ctrl-C there, or \`kill ${other.pid}\`).`,
    );
  }
  const command = [NODE, program("next", "dist/bin/next"), "build"];
  await mustRun("Building the site", command, {
    env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  await writeFile(join(BUILT, STAMP), wanted);
  return true;
}

async function stampOf(folder: string): Promise<string | undefined> {
  return readFile(join(folder, STAMP), "utf8").catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
