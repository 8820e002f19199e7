import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { PROJECT } from "./launch/project";

test.each(["cli/serve.ts", "lib/worker/main.ts"])(
  "S06: without a webhook secret the process of %s refuses to start and says what is missing",
  async (program) => {
    const child = spawn(process.execPath, ["--import", "tsx", join(PROJECT, program)], {
      cwd: PROJECT,
      env: { ...process.env, STRIPE_WEBHOOK_SECRET: "", STRIPE_API_BASE: "http://127.0.0.1:1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "close");
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(await ended).toEqual([1, null]);
    expect(`${out}${err}`).toContain("STRIPE_WEBHOOK_SECRET");
  },
  30_000,
);
