import { randomBytes } from "node:crypto";

/**
 * What the product reads when it starts, with secrets that nobody has used before. Nothing here leads outside: the web
 * and Stripe are a port where nobody listens. Before the first module of `lib` is loaded.
 */
export function setBenchEnvironment(): void {
  Object.assign(process.env, {
    DATABASE_URL: "postgres://nobody@127.0.0.1:1/each-bench-opens-its-own",
    PUBLIC_URL: "http://127.0.0.1:1",
    AUTH_SECRET: randomBytes(32).toString("base64"),
    SMTP_URL: "smtp://127.0.0.1:1",
    MAIL_FROM: "weekly@gazette.test",
    STRIPE_SECRET_KEY: "sk_test_bench",
    STRIPE_WEBHOOK_SECRET: "whsec_bench",
    STRIPE_API_BASE: "http://127.0.0.1:1",
    LOG_LEVEL: "silent",
  });
}
