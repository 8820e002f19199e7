import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import { type SchemaEngine, __wbg_set_wasm as setWasm } from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";
import { applyScriptsWhole } from "./apply-script";

/**
 * Prisma's own migration engine, run from its WebAssembly package, because the native engine of the `prisma`
 * command is a download that a machine with only a package registry cannot reach.
 */

const here = dirname(fileURLToPath(import.meta.url));
export const SCHEMA_PATH = join(here, "schema.prisma");
export const MIGRATIONS_FOLDER = join(here, "migrations");

/** The engine leaves a ten-second timer behind, its limit for taking the migration lock; no process waits for that. */
function engineImports(): WebAssembly.ModuleImports {
  const patient = (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds).unref();
  const names = Object.keys(bindings).filter((name) => name.startsWith("__wbg_setTimeout_"));
  return { ...bindings, ...Object.fromEntries(names.map((name) => [name, patient])) };
}

let loading: Promise<void> | undefined;

function loadEngine(): Promise<void> {
  loading ??= (async () => {
    const require = createRequire(import.meta.url);
    const folder = dirname(require.resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
    const bytes = await readFile(join(folder, "schema_engine_bg.wasm"));
    const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": engineImports() });
    setWasm(instance.exports);
    const start = instance.exports.__wbindgen_start;
    if (typeof start === "function") start();
  })();
  return loading;
}

/** Runs `work` with an engine bound to the database at `url`, and lets go of its connections afterwards. */
export async function withSchemaEngine<T>(
  url: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  await loadEngine();
  // The engine never closes the pool that the adapter makes for it, so it gets one that is closed here.
  const pool = new pg.Pool({ connectionString: url, idleTimeoutMillis: 0 });
  const adapter = bindMigrationAwareSqlAdapterFactory(applyScriptsWhole(new PrismaPg(pool)));
  const datamodels: [string, string][] = [[SCHEMA_PATH, await readFile(SCHEMA_PATH, "utf8")]];
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => undefined, adapter);
  try {
    return await work(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}
