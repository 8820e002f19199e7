import { randomBytes } from "node:crypto";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartFailure } from "@/sandbox/process/failure";

const secrets = z.object({
  authSecret: z.string().min(32),
  stripeSecretKey: z.string().startsWith("sk_test_"),
  stripeWebhookSecret: z.string().startsWith("whsec_"),
});

export type LocalSecrets = z.infer<typeof secrets>;

/** Secrets for local use in `folder`/secrets.json: made once at random, readable by their owner only. */
export async function localSecrets(folder: string): Promise<LocalSecrets> {
  const file = join(folder, "secrets.json");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text !== undefined) {
    await chmod(file, 0o600);
    return readSecrets(file, text);
  }
  const made = makeSecrets();
  const half = `${file}.${process.pid}`;
  await writeFile(half, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await rename(half, file);
  return made;
}

function readSecrets(file: string, text: string): LocalSecrets {
  try {
    return secrets.parse(JSON.parse(text));
  } catch (cause) {
    throw new StartFailure(
      `The secrets in ${file} cannot be read. Put them right, or delete the file to get new ones (which signs\n` +
        "everybody out and forgets nothing else).",
      { cause },
    );
  }
}

export function makeSecrets(): LocalSecrets {
  const random = (prefix: string) => `${prefix}${randomBytes(32).toString("hex")}`;
  return {
    authSecret: random(""),
    stripeSecretKey: random("sk_test_"),
    stripeWebhookSecret: random("whsec_"),
  };
}
