import { isIP } from "node:net";
import { z } from "zod";

/** The only reader of process.env inside the product. Parsed once; a wrong value stops the process by name. */

const url = (protocols: string[], example: string) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `write a URL such as ${example}`,
  });

const httpUrl = (example: string) =>
  url(["http:", "https:"], example).transform((value) => value.replace(/\/+$/, ""));

/** Secrets that stand in examples, so that nobody ships with one. */
const KNOWN_SECRETS = ["change-me", "changeme", "secret", "masthead", "password"];
const secret = z
  .string()
  .min(32, "write at least 32 random characters, as `openssl rand -base64 32` makes them")
  .refine((value) => !KNOWN_SECRETS.some((known) => value.toLowerCase().startsWith(known)), {
    message: "this is an example; write 32 random characters of your own",
  });

const commaSeparated = z.string().transform((value) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean),
);

const domain = (example: string) =>
  z
    .string()
    .toLowerCase()
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, `write a domain such as ${example}`)
    .max(253, `write a domain such as ${example}`);

const wholeNumber = (min: number, max: number) => {
  const message = `write a whole number from ${min} to ${max}`;
  return z.coerce.number(message).int(message).min(min, message).max(max, message);
};

const schema = z.object({
  DATABASE_URL: url(["postgres:", "postgresql:"], "postgres://user:password@localhost:5432/masthead"),
  PUBLIC_URL: httpUrl("https://newsletter.example.com"),
  AUTH_SECRET: secret,
  SMTP_URL: url(["smtp:", "smtps:"], "smtp://user:password@mail.example.com:587"),
  MAIL_FROM: z.email("write the address that mail comes from, such as weekly@example.com"),
  STRIPE_SECRET_KEY: z.string().regex(/^(sk|rk)_(test|live)_\w+/, "write Stripe's secret key: sk_… or rk_…"),
  /** Several while a secret is rotated: all are accepted. */
  STRIPE_WEBHOOK_SECRET: commaSeparated.pipe(
    z.array(z.string().regex(/^whsec_\w{4,}/, "write the endpoint's signing secret: whsec_…")).min(1),
  ),
  STRIPE_API_BASE: httpUrl("http://127.0.0.1:12111").optional(),
  AUTHOR_EMAIL: z.email("write the author's address, such as author@example.com").toLowerCase().optional(),
  MEDIA_FOLDER: z.string().min(1).default(".data/media"),
  /** Where workers write down what they hand over, for the time after a crash. On a disk of their machine. */
  JOURNAL_FOLDER: z.string().min(1).default(".data/journal"),
  /** Proxies between the reader and this process that add to X-Forwarded-For. */
  TRUSTED_PROXIES: wholeNumber(0, 5).default(0),
  /** The private key that signs mail (DKIM); without it, signing is left to the mail server. */
  DKIM_KEY_FILE: z.string().min(1).optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i, "write one word of a domain name, such as masthead")
    .default("masthead"),
  /** The domain that answers for the mail; without it, that of MAIL_FROM. */
  DKIM_DOMAIN: domain("example.com").optional(),
  /** Which DNS the check of the sending domain asks; without it, the system's. */
  DNS_RESOLVER: z
    .string()
    .refine(
      (value) => isIP(/^\[?([^\]]+?)\]?(:\d{1,5})?$/.exec(value)?.[1] ?? "") !== 0 || isIP(value) !== 0,
      {
        message: "write an address such as 192.0.2.53 or 127.0.0.1:5353",
      },
    )
    .optional(),
  /** Where mail that comes back is addressed to; without it, MAIL_FROM's own mailbox gets it and nothing is counted. */
  BOUNCE_DOMAIN: domain("bounce.example.com").optional(),
  /** Where a worker takes such mail; without it, only a provider's webhooks tell what came back. */
  BOUNCE_PORT: wholeNumber(1, 65_535).optional(),
  BOUNCE_HOST: z.string().min(1).default("127.0.0.1"),
  BOUNCE_PROTOCOL: z.enum(["smtp", "lmtp"], "write smtp or lmtp").default("smtp"),
  /** How much may leave over all workers, such as 20/s or 20/s,10000/h. Unlimited when not set. */
  SEND_RATE: z
    .string()
    .regex(
      /^\d{1,9}\/(s|min|h|day)(\s*,\s*\d{1,9}\/(s|min|h|day))*$/,
      "write rates such as 20/s or 20/s,10000/h",
    )
    .optional(),
  /** The same for destination domains; * stands for each that is not named. */
  SEND_DOMAIN_RATES: z
    .string()
    .regex(
      /^[^=,\s]+=\d{1,9}\/(s|min|h|day)(\s*,\s*[^=,\s]+=\d{1,9}\/(s|min|h|day))*$/,
      "write domains and rates such as gmail.com=20/s,*=10/s",
    )
    .optional(),
  SEND_DOMAIN_CONNECTIONS: wholeNumber(1, 100).optional(),
  /** The first day on which a new sending domain sends, and how much that day; half as much again each day after. */
  WARM_UP_FROM: z.iso.date("write a day such as 2027-01-31").optional(),
  WARM_UP_FIRST_DAY: wholeNumber(1, 1_000_000).default(200),
  /** Of the providers whose webhooks at /api/bounces/<provider> are believed; the others answer 404. */
  SES_TOPIC_ARN: z
    .string()
    .regex(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/, "write the SNS topic: arn:aws:sns:…")
    .optional(),
  POSTMARK_WEBHOOK_SECRET: secret.optional(),
  MAILGUN_WEBHOOK_KEY: z.string().min(16, "write Mailgun's HTTP webhook signing key").optional(),
  SENDGRID_WEBHOOK_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/=]{100,200}$/, "write the verification key that SendGrid shows: MFkw…")
    .optional(),
  /** What becomes of a message when a worker died between its last byte and the server's answer. */
  UNCERTAIN_POLICY: z.enum(["hold", "resend"], "write hold or resend").default("hold"),
  /** How long after its last mail an issue's ledger is compacted. Longer than an issue is sent to those who were missed. */
  COMPACT_LEDGERS_AFTER_DAYS: wholeNumber(31, 36_500).default(90),
  SMTP_CONNECTIONS: wholeNumber(1, 100).default(5),
  /** What Prometheus signs in with at /api/metrics; without it there is nothing there. */
  METRICS_TOKEN: z.string().min(16, "write at least 16 random characters").optional(),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], "write debug, info, warn, error or silent")
    .default("info"),
});

export type Env = z.infer<typeof schema>;

/** Throws an Error whose message names each wrong variable and what to write; it never repeats a value. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  return parseWith(schema, source);
}

const mailSchema = schema
  .pick({
    MAIL_FROM: true,
    SMTP_URL: true,
    DKIM_KEY_FILE: true,
    DKIM_SELECTOR: true,
    DKIM_DOMAIN: true,
    BOUNCE_DOMAIN: true,
    DNS_RESOLVER: true,
  })
  .partial({ SMTP_URL: true });

/** What a look at keys and the sending domain needs, before anything else is set up. Throws as `parseEnv` does. */
export function parseMailEnv(source: Record<string, string | undefined>): z.infer<typeof mailSchema> {
  return parseWith(mailSchema, source);
}

function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  source: Record<string, string | undefined>,
): z.output<Schema> {
  const filled = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(filled);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return filled[name] === undefined ? `${name} is not set: ${hint(name)}` : `${name}: ${issue.message}`;
  });
  throw new Error(`The environment is not right.\n  ${[...new Set(lines)].join("\n  ")}\nSee .env.example.`);
}

function hint(name: string): string {
  const hints: Record<string, string> = {
    DATABASE_URL: "name the Postgres database, as in postgres://user:password@localhost:5432/masthead",
    PUBLIC_URL: "write the address readers use, as in https://newsletter.example.com",
    AUTH_SECRET: "write 32 random characters, as `openssl rand -base64 32` makes them",
    SMTP_URL: "name the mail server, as in smtp://user:password@mail.example.com:587",
    MAIL_FROM: "write the address that mail comes from, such as weekly@example.com",
    STRIPE_SECRET_KEY: "write Stripe's secret key, sk_… or rk_…",
    STRIPE_WEBHOOK_SECRET: "write the signing secret of the webhook endpoint, whsec_…",
  };
  return hints[name] ?? "it is needed";
}

let parsed: Env | undefined;

/** The process's environment, parsed at the first call. Throws as `parseEnv` does. */
export function getEnv(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

/** The next call of `getEnv` reads the environment again: for who changed it within one process. */
export function forgetEnv(): void {
  parsed = undefined;
}
