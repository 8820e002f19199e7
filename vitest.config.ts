import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ["{app,lib,emails,prisma,sandbox,cli,bench}/**/*.test.{ts,tsx}"],
    env: {
      DATABASE_URL: "postgres://nobody@127.0.0.1:1/unused-because-tests-open-their-own",
      PUBLIC_URL: "http://127.0.0.1:3000",
      AUTH_SECRET: "kQ8vT2xLw5nR7bYc3mJd9pHs4fGz6aUe",
      SMTP_URL: "smtp://127.0.0.1:1",
      MAIL_FROM: "weekly@masthead.test",
      STRIPE_SECRET_KEY: "sk_test_unit",
      STRIPE_WEBHOOK_SECRET: "whsec_unit",
      AUTHOR_EMAIL: "author@masthead.test",
    },
    // Only to end what hangs: a slow machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: ["prisma/test-server.ts"],
  },
});
