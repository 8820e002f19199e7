import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** A machine under load is no failure: what hangs is ended, what is slow is not. */
const PATIENCE_MS = 60_000;

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
      LOG_LEVEL: "silent",
    },
    globalSetup: ["prisma/test-server.ts"],
    // Files of one process share loaded modules: loading them anew for each costs as much as the tests. What a test
    // replaces (clocks, globals, variables) is put back after it.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    maxWorkers: Math.min(availableParallelism(), 8),
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
  },
});
