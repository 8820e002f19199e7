import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const PROJECT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where a local run keeps everything: database, mail, pictures, secrets, logs. */
export const DATA = join(PROJECT, ".data");

/** Others may enter but not list it, because Postgres may run as another account; what is secret inside is 0600. */
export function makeDataFolder(): void {
  mkdirSync(DATA, { recursive: true, mode: 0o711 });
}

/** This process runs on the project's own Node, so its children do. */
export const NODE = process.execPath;

/** Runs a TypeScript file of the project. */
export function typescript(file: string, ...parameters: string[]): string[] {
  return [NODE, "--import", "tsx", join(PROJECT, file), ...parameters];
}

/** Where a package's program lies: `program("next", "dist/bin/next")`. */
export function program(packageName: string, file: string): string {
  return join(PROJECT, "node_modules", packageName, file);
}
