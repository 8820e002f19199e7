import { expect, test } from "vitest";
import { parseEnv } from "./env";

const complete = {
  DATABASE_URL: "postgres://user:hidden@localhost:5432/masthead",
  PUBLIC_URL: "https://newsletter.example.com/",
  AUTH_SECRET: "kQ8vT2xLw5nR7bYc3mJd9pHs4fGz6aUe",
  SMTP_URL: "smtp://mail.example.com",
  MAIL_FROM: "weekly@example.com",
  STRIPE_SECRET_KEY: "rk_live_abc",
  STRIPE_WEBHOOK_SECRET: "whsec_first, whsec_second",
};

test("a complete environment is understood, with defaults for the rest", () => {
  expect(parseEnv(complete)).toMatchObject({
    PUBLIC_URL: "https://newsletter.example.com",
    STRIPE_WEBHOOK_SECRET: ["whsec_first", "whsec_second"],
    TRUSTED_PROXIES: 0,
    LOG_LEVEL: "info",
  });
});

test.each(Object.keys(complete))("without %s it is told by name what to write", (name) => {
  expect(() => parseEnv({ ...complete, [name]: "" })).toThrow(
    new RegExp(`^  ${name} is not set: (write|name) `, "m"),
  );
});

test.each([
  ["DATABASE_URL", "mysql://user@localhost/x", "write a URL such as postgres://"],
  ["PUBLIC_URL", "newsletter.example.com", "write a URL such as https://"],
  ["AUTH_SECRET", "short", "write at least 32 random characters"],
  ["AUTH_SECRET", "change-me-change-me-change-me-change-me", "this is an example"],
  ["SMTP_URL", "mail.example.com:587", "write a URL such as smtp://"],
  ["MAIL_FROM", "weekly", "write the address that mail comes from"],
  ["STRIPE_SECRET_KEY", "pk_live_abc", "write Stripe's secret key"],
  ["STRIPE_WEBHOOK_SECRET", "abc", "write the endpoint's signing secret"],
  ["STRIPE_API_BASE", "stripe", "write a URL such as http://"],
  ["AUTHOR_EMAIL", "the author", "write the author's address"],
  ["TRUSTED_PROXIES", "many", "write a whole number from 0 to 5"],
  ["TRUSTED_PROXIES", "9", "write a whole number from 0 to 5"],
  ["SMTP_CONNECTIONS", "0", "write a whole number from 1 to 100"],
  ["SMTP_CONNECTIONS", "2.5", "write a whole number from 1 to 100"],
  ["UNCERTAIN_POLICY", "guess", "write hold or resend"],
  ["LOG_LEVEL", "loud", "write debug, info, warn, error or silent"],
])("%s set to %s is refused with what to write", (name, value, says) => {
  expect(() => parseEnv({ ...complete, [name]: value })).toThrow(`  ${name}: ${says}`);
});

test("a refusal repeats no value, since it may be a secret", () => {
  expect(() => parseEnv({ ...complete, DATABASE_URL: "postgres//user:hidden@localhost" })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("hidden") }),
  );
});
