import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StartFailure } from "@/sandbox/process/failure";
import type { Variables } from "@/sandbox/process/watched";
import { PROJECT } from "./project";

const port = z.coerce
  .number("write a port number")
  .int("write a whole number")
  .min(1, "write a number from 1 to 65535")
  .max(65_535, "write a number from 1 to 65535")
  .optional();

const settings = z.object({
  PORT: port,
  POSTGRES_PORT: port,
  MAILBOX_PORT: port,
  MAILBOX_SMTP_PORT: port,
  STRIPE_SANDBOX_PORT: port,
  /**
   * The address that the web listens on. Next calls every loopback address "localhost" inside, so that a rewrite on a
   * server told to listen on 127.0.0.1 looks like one to another server.
   */
  HOST: z
    .string()
    .transform((host) => (host === "127.0.0.1" || host === "::1" ? "localhost" : host))
    .optional(),
});

export type PortName =
  | "PORT"
  | "POSTGRES_PORT"
  | "MAILBOX_PORT"
  | "MAILBOX_SMTP_PORT"
  | "STRIPE_SANDBOX_PORT";

/** What the person set, and what a start needs to know of it. The product's own variables are parsed by lib/env. */
export interface Settings {
  host: string | undefined;
  /** Only the ports that were set. */
  ports: Partial<Record<PortName, number>>;
  /** The whole environment, `.env` included. */
  environment: Variables;
}

/** Reads `.env`, where there is one, below the real environment. Throws StartFailure naming what is wrong. */
export function readSettings(): Settings {
  const file = join(PROJECT, ".env");
  if (existsSync(file)) process.loadEnvFile(file);
  return parseSettings(process.env);
}

export function parseSettings(environment: Variables): Settings {
  const filled = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const result = settings.safeParse(filled);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new StartFailure(`The environment is not right.\n  ${lines.join("\n  ")}\nSee .env.example.`);
  }
  const { HOST, ...ports } = result.data;
  const set = Object.entries(ports).filter(([, value]) => value !== undefined);
  return { host: HOST, ports: Object.fromEntries(set), environment: filled };
}
