/**
 * `npm run serve`: the production web and nothing beside it. Refuses to start on a missing, wrong or example value, and
 * without a build; passes signals on and ends with the web's exit code.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { getEnv } from "@/lib/env";
import { NODE, PROJECT, program } from "./launch/project";
import { readSettings } from "./launch/settings";

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function serve(): void {
  const { host, ports } = readSettings();
  getEnv();
  if (!existsSync(join(PROJECT, ".next", "BUILD_ID")))
    refuse("There is no build. Make it with `npm run build`.");
  const address = [...(host ? ["-H", host] : []), "-p", String(ports.PORT ?? 3000)];
  const web = spawn(NODE, [program("next", "dist/bin/next"), "start", ...address], {
    cwd: PROJECT,
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => web.kill(signal));
  web.once("error", (error) => refuse(`The web does not start: ${error.message}`));
  web.once("exit", (code) => process.exit(code ?? 1));
}

try {
  serve();
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
