/**
 * Looks at everything that Masthead needs and says how it stands. Safe to run at any time, sends no mail, and writes
 * nothing but one empty file that it removes. A part that is broken never hides the others.
 */
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import type { Env } from "@/lib/env";
import { checkDatabase } from "./check-database";
import { checkMailServer, checkSender } from "./check-mail";
import { checkNode, checkPictures, checkSecrets, checkSite, checkStripe } from "./check-surroundings";
import type { Dns } from "./domain/dns";
import type { Finding } from "./findings";

export type { Finding } from "./findings";

export async function examine(options: {
  db: Database;
  env: Env;
  stripe: Stripe;
  migrations: readonly string[];
  nodeVersion: string;
  now: () => Date;
  fetch: typeof fetch;
  dns: Dns;
}): Promise<Finding[]> {
  const { db, env, stripe } = options;
  const database = await checkDatabase(db, options);
  const reached = database[0]?.level === "ok" ? db : null;
  const others = await Promise.all([
    checkSite(env, options.fetch),
    checkMailServer(env.SMTP_URL),
    checkSender(env, options.dns),
    checkStripe(reached, stripe, env),
    checkPictures(reached, env.MEDIA_FOLDER),
  ]);
  return [checkNode(options.nodeVersion), ...database, checkSecrets(env), ...others.flat()];
}
