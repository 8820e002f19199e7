import { describe, expect, test } from "vitest";
import { parseEnv } from "@/lib/env";
import { composeEnvironment, neededPorts, whatIsNamed } from "./compose-environment";
import { makeSecrets } from "./secrets";

const ports = {
  PORT: 3001,
  POSTGRES_PORT: 54_320,
  MAILBOX_PORT: 8025,
  MAILBOX_SMTP_PORT: 1025,
  STRIPE_SANDBOX_PORT: 12_111,
};
const databaseUrl = "postgresql://masthead:x@127.0.0.1:54320/masthead";
const secrets = makeSecrets();
const compose = (environment: Record<string, string>) =>
  composeEnvironment({ environment, ports, secrets, databaseUrl, folder: "/data" });

const stripe = { STRIPE_SECRET_KEY: "sk_live_mine", STRIPE_WEBHOOK_SECRET: "whsec_mine" };

test("an empty environment becomes one that the product accepts, on stand-ins", () => {
  expect(parseEnv(compose({}))).toMatchObject({
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: "http://localhost:3001",
    SMTP_URL: "smtp://127.0.0.1:1025",
    STRIPE_API_BASE: "http://127.0.0.1:12111",
    MEDIA_FOLDER: "/data/media",
    JOURNAL_FOLDER: "/data/journal",
  });
});

test("what the person set wins", () => {
  const environment = {
    PUBLIC_URL: "https://a.example",
    SMTP_URL: "smtp://mail.example",
    AUTHOR_EMAIL: "me@a.example",
  };
  expect(compose(environment)).toMatchObject(environment);
});

test("a variable that is set to nothing counts as not set", () => {
  expect(compose({ SMTP_URL: "", AUTH_SECRET: "" })).toMatchObject({
    SMTP_URL: "smtp://127.0.0.1:1025",
    AUTH_SECRET: secrets.authSecret,
  });
});

describe("Stripe", () => {
  test("is all the person's when a key is set", () => {
    const composed = compose(stripe);
    expect(composed).toMatchObject(stripe);
    expect(composed.STRIPE_API_BASE).toBeUndefined();
  });

  test("is all the sandbox's when no key is set, whatever else is", () => {
    const composed = compose({ STRIPE_WEBHOOK_SECRET: "whsec_mine" });
    expect(composed.STRIPE_WEBHOOK_SECRET).toBe(secrets.stripeWebhookSecret);
  });

  test("with a key but no webhook secret is refused by the product rather than filled up from the sandbox", () => {
    expect(() => parseEnv(compose({ STRIPE_SECRET_KEY: "sk_live_mine" }))).toThrow("STRIPE_WEBHOOK_SECRET");
  });
});

test.each([
  [{}, ["PORT", "POSTGRES_PORT", "MAILBOX_PORT", "MAILBOX_SMTP_PORT", "STRIPE_SANDBOX_PORT"]],
  [{ DATABASE_URL: databaseUrl }, ["PORT", "MAILBOX_PORT", "MAILBOX_SMTP_PORT", "STRIPE_SANDBOX_PORT"]],
  [{ SMTP_URL: "smtp://mail.example" }, ["PORT", "POSTGRES_PORT", "STRIPE_SANDBOX_PORT"]],
  [{ DATABASE_URL: databaseUrl, SMTP_URL: "smtp://mail.example", ...stripe }, ["PORT"]],
])("%o needs the ports %o", (environment, expected) => {
  expect(neededPorts(whatIsNamed(environment))).toEqual(expected);
});
