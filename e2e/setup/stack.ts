import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildWhenNeeded, generateWhenNeeded } from "@/cli/launch/build";
import { DATA, makeDataFolder } from "@/cli/launch/project";
import { makeSecrets } from "@/cli/launch/secrets";
import { Stack } from "@/cli/launch/stack";
import { freePort } from "@/sandbox/process/ports";
import { makeScratchFolder } from "@/sandbox/process/scratch";
import { publishAddresses } from "./addresses";
import { openAuthorSession } from "./author-session";

/**
 * Playwright's global set-up: a whole Masthead as readers meet it (built, with worker, mailbox and Stripe sandbox), on
 * free ports and a database of its own with the sample publication. Nothing of the person's environment reaches it.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  makeDataFolder();
  await generateWhenNeeded();
  await buildWhenNeeded();
  const folder = await makeScratchFolder();
  const logs = join(DATA, "test", "logs");
  await mkdir(logs, { recursive: true });
  const secrets = makeSecrets();
  const stack = new Stack({
    folder,
    logs,
    host: "localhost",
    ports: {
      PORT: await freePort(),
      POSTGRES_PORT: await freePort(),
      MAILBOX_PORT: await freePort(),
      MAILBOX_SMTP_PORT: await freePort(),
      STRIPE_SANDBOX_PORT: await freePort(),
    },
    secrets,
    environment: systemEnvironment(),
    reload: false,
    throwaway: true,
    shown: "nothing",
  });
  const tearDown = async () => {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { site, mailbox = "", stripe = "", author } = await stack.start();
    const running = { site, mailbox, stripe, stripeKey: secrets.stripeSecretKey, author };
    publishAddresses({ ...running, authorCookies: await openAuthorSession(running) });
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
}

/** Only what programs need to run at all, so that no journey can reach a real database, mail server or Stripe. */
function systemEnvironment(): Record<string, string> {
  const names = ["PATH", "HOME", "TMPDIR", "LANG", "TZ", "LD_LIBRARY_PATH"];
  const found = names.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
