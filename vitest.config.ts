import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ["{app,lib,emails,prisma,sandbox,cli,bench}/**/*.test.{ts,tsx}"],
    globalSetup: ["prisma/test-server.ts"],
  },
});
