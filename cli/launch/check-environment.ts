import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseEnv } from "@/lib/env";
import { StartFailure } from "@/sandbox/process/failure";
import type { Variables } from "@/sandbox/process/watched";
import { composeEnvironment } from "./compose-environment";
import { USUAL_PORTS } from "./ports";
import { PROJECT } from "./project";
import { makeSecrets } from "./secrets";

/** Throws StartFailure, naming each variable that the product would refuse. */
export function checkEnvironment(env: Record<string, string>): void {
  try {
    parseEnv(env);
  } catch (error) {
    throw new StartFailure(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The same for what the person set, before anything was made or started: a build takes minutes. */
export function checkNamed(environment: Variables): void {
  const databaseUrl = environment.DATABASE_URL ?? "postgres://stand-in@127.0.0.1/masthead";
  checkEnvironment(
    composeEnvironment({ environment, ports: USUAL_PORTS, secrets: makeSecrets(), databaseUrl, folder: "." }),
  );
  for (const name of FOLDERS) checkFolder(name, environment[name]);
}

const FOLDERS = ["MEDIA_FOLDER", "JOURNAL_FOLDER"];

function checkFolder(name: string, folder: string | undefined): void {
  if (folder === undefined) return;
  const path = resolve(PROJECT, folder);
  try {
    const place = nearest(path);
    if (!statSync(place).isDirectory()) throw new Error(`${place} is no folder`);
    accessSync(place, constants.W_OK);
  } catch (cause) {
    throw new StartFailure(
      `The environment is not right.\n  ${name}: ${path} cannot be made or written; name a folder that can, or leave it out.\n` +
        "See .env.example.",
      { cause },
    );
  }
}

/** The folder itself, or the one that it will be made in. */
function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}
