/** What the doctor asks of this machine, of the site's address and of Stripe. Changes nothing that lasts. */
import { randomUUID } from "node:crypto";
import { access, mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Stripe from "stripe";
import type { Database } from "@/lib/db";
import type { Env } from "@/lib/env";
import { listPlans } from "@/lib/publication/plans";
import { judgeRoom } from "./check-limits";
import { type Finding, fail, ok, reasonOf, warn } from "./findings";

const NODE_WANTED = 22;
const SITE_MS = 8_000;

export function checkNode(version: string): Finding {
  const major = Number.parseInt(version, 10);
  if (major >= NODE_WANTED) return ok("Node", version);
  return fail("Node", version, `Use Node ${NODE_WANTED} or later; the npm scripts bring their own.`);
}

export function checkSecrets({ AUTH_SECRET }: Pick<Env, "AUTH_SECRET">): Finding {
  const distinct = new Set(AUTH_SECRET).size;
  if (distinct >= 12) return ok("Secrets", "AUTH_SECRET looks random");
  return fail(
    "Secrets",
    `AUTH_SECRET uses only ${distinct} different characters`,
    "Make one with `openssl rand -base64 32`. It signs everybody out, and links in mail already sent end.",
  );
}

export async function checkSite(
  { PUBLIC_URL }: Pick<Env, "PUBLIC_URL">,
  ask: typeof fetch,
): Promise<Finding> {
  const { protocol, hostname } = new URL(PUBLIC_URL);
  const local = /^(localhost|127\.|\[::1\])/.test(hostname);
  if (protocol === "http:" && !local) {
    return fail(
      "Site",
      `${PUBLIC_URL} is not HTTPS`,
      "Put a proxy with TLS in front and set PUBLIC_URL to https://…",
    );
  }
  try {
    const response = await ask(`${PUBLIC_URL}/api/health`, { signal: AbortSignal.timeout(SITE_MS) });
    const body = response.ok ? ((await response.json()) as { database?: string }) : {};
    if (body.database === "ok") return ok("Site", `${PUBLIC_URL} answers`);
    return fail(
      "Site",
      `${PUBLIC_URL}/api/health answers ${response.status}, and not as Masthead does`,
      "Point the proxy at the web process, and PUBLIC_URL at the proxy.",
    );
  } catch (error) {
    return warn(
      "Site",
      `${PUBLIC_URL} does not answer from here (${reasonOf(error)})`,
      "Start it: `npm run serve` (or `npm start`), and look at the proxy.",
    );
  }
}

/** `folder` may not exist yet. The pictures that the database names must be there. */
export async function checkPictures(db: Database | null, folder: string): Promise<Finding[]> {
  const probe = join(folder, `.${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, "");
    await rm(probe);
  } catch (error) {
    return [
      fail(
        "Pictures",
        `${folder} cannot be written (${reasonOf(error)})`,
        "Give it to the account that runs Masthead.",
      ),
    ];
  }
  const names = db ? await db.image.findMany({ select: { name: true } }).catch(() => []) : [];
  const missing: string[] = [];
  for (const { name } of names) await access(join(folder, name)).catch(() => missing.push(name));
  const pictures =
    missing.length === 0
      ? ok("Pictures", `${folder} is writable, ${names.length} pictures are there`)
      : fail(
          "Pictures",
          `${missing.length} of ${names.length} are not in ${folder}`,
          "Restore that folder from a backup, or set MEDIA_FOLDER to where they are.",
        );
  return [pictures, await checkRoom(folder)];
}

async function checkRoom(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  return judgeRoom(bavail * bsize);
}

export async function checkStripe(
  db: Database | null,
  stripe: Stripe,
  env: Pick<Env, "STRIPE_SECRET_KEY" | "STRIPE_API_BASE" | "PUBLIC_URL">,
): Promise<Finding[]> {
  const live = /^(sk|rk)_live_/.test(env.STRIPE_SECRET_KEY);
  const account = env.STRIPE_API_BASE ? `a stand-in at ${env.STRIPE_API_BASE}` : live ? "live" : "test mode";
  try {
    await stripe.prices.list({ limit: 1 });
  } catch (error) {
    return [
      fail(
        "Stripe",
        `${account}: does not take the key (${reasonOf(error)})`,
        "Correct STRIPE_SECRET_KEY, or give a restricted key the right to read prices.",
      ),
    ];
  }
  const isPublic = env.PUBLIC_URL.startsWith("https:");
  const key =
    isPublic && (!live || env.STRIPE_API_BASE)
      ? warn("Stripe", `${account}: nobody is charged`, "Set the live key when readers are to pay.")
      : ok("Stripe", `${account}, takes the key`);
  return [key, await checkPrice(db, stripe)];
}

async function checkPrice(db: Database | null, stripe: Stripe): Promise<Finding> {
  const settings = await db?.publication.findUnique({ where: { id: 1 } }).catch(() => null);
  if (!settings?.stripePriceId)
    return ok("Price", "is made by `stripe set-up`, or at Stripe with the first checkout");
  const findings = await Promise.all(
    listPlans(settings).map(({ interval, amountCents }) =>
      checkPlan(stripe, interval === "year" ? settings.stripeYearlyPriceId : settings.stripePriceId, {
        amountCents,
        currency: settings.currency,
      }),
    ),
  );
  return findings.find(({ level }) => level !== "ok") ?? ok("Price", "is the one of the settings");
}

async function checkPlan(
  stripe: Stripe,
  id: string | null,
  wanted: { amountCents: number; currency: string },
): Promise<Finding> {
  if (id === null) return ok("Price", "is made at Stripe with the first checkout");
  const price = await stripe.prices.retrieve(id).catch(() => null);
  const advice = "The next checkout makes one that fits; members keep what they pay.";
  if (!price) return warn("Price", "is not known to this Stripe account", advice);
  if (!price.active) return warn("Price", "is archived at Stripe", advice);
  const fits = price.unit_amount === wanted.amountCents && price.currency === wanted.currency;
  return fits
    ? ok("Price", "is the one of the settings")
    : warn("Price", "is not that of the settings", advice);
}
