import { join } from "node:path";
import type { Variables } from "@/sandbox/process/watched";
import type { LocalSecrets } from "./secrets";
import type { PortName } from "./settings";

/** Which outside services the environment names, and so need no stand-in. */
export interface Named {
  database: boolean;
  mail: boolean;
  stripe: boolean;
}

export function whatIsNamed(environment: Variables): Named {
  return {
    database: Boolean(environment.DATABASE_URL),
    mail: Boolean(environment.SMTP_URL),
    stripe: Boolean(environment.STRIPE_SECRET_KEY),
  };
}

export function neededPorts(named: Named): PortName[] {
  return [
    "PORT",
    ...(named.database ? [] : (["POSTGRES_PORT"] as const)),
    ...(named.mail ? [] : (["MAILBOX_PORT", "MAILBOX_SMTP_PORT"] as const)),
    ...(named.stripe ? [] : (["STRIPE_SANDBOX_PORT"] as const)),
  ];
}

/** The product's variables: what the person set, and a stand-in's address or a local default for the rest. */
export function composeEnvironment(options: {
  environment: Variables;
  ports: Record<PortName, number>;
  secrets: LocalSecrets;
  databaseUrl: string;
  folder: string;
}): Record<string, string> {
  const { environment, ports, secrets, folder } = options;
  const named = whatIsNamed(environment);
  const defaults: Record<string, string> = {
    PUBLIC_URL: `http://localhost:${ports.PORT}`,
    AUTH_SECRET: secrets.authSecret,
    MAIL_FROM: "weekly@example.com",
    AUTHOR_EMAIL: "author@example.com",
    MEDIA_FOLDER: join(folder, "media"),
    JOURNAL_FOLDER: join(folder, "journal"),
    SMTP_URL: `smtp://127.0.0.1:${ports.MAILBOX_SMTP_PORT}`,
  };
  // Half of Stripe from the environment and half from the sandbox would work with neither.
  const sandbox: Record<string, string> = {
    STRIPE_SECRET_KEY: secrets.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
    STRIPE_API_BASE: `http://127.0.0.1:${ports.STRIPE_SANDBOX_PORT}`,
  };
  const set = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  return {
    ...defaults,
    ...Object.fromEntries(set),
    ...(named.stripe ? {} : sandbox),
    PORT: String(ports.PORT),
    DATABASE_URL: options.databaseUrl,
  };
}
