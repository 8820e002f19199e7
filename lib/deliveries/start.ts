/**
 * Lets a worker begin with what it claimed: the last look before the mail server hears of a message. Still ours, the
 * reader still confirmed under this address and on no list of closed ones, the issue not paused. Begins the lease anew
 * and writes down which variant goes out. May run twice. Never sends.
 */
import type { Database } from "@/lib/db";
import { keyedHash } from "@/lib/tokens";
import { type Claim, LEASE_SECONDS } from "./claim";
import { databaseNowPlus } from "./clock";
import { createGatherer } from "./gather";

export type Start =
  | { go: true }
  /** `lost` means that another worker has the row now. */
  | { go: false; because: "unsubscribed" | "suppressed" | "paused" | "lost" };

/** One answer for each claim, in their order. */
export async function startDeliveries(db: Database, claims: readonly Claim[]): Promise<Start[]> {
  const hashes = claims.map((claim) => keyedHash("address", claim.email));
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    UPDATE "Delivery" d SET "leaseUntil" = ${databaseNowPlus(LEASE_SECONDS)}, variant = v.variant::"MailVariant"
    FROM unnest(${claims.map((claim) => claim.id)}::bigint[], ${claims.map((claim) => claim.attempt)}::int[],
        ${claims.map((claim) => claim.email)}::text[], ${hashes}::text[],
        ${claims.map((claim) => claim.variant)}::text[]) AS v(id, attempt, email, hash, variant),
      "Subscriber" s, "Issue" i
    WHERE d.id = v.id AND d.attempt = v.attempt AND d.state = 'SENDING'
      AND s.id = d."subscriberId" AND s.status = 'CONFIRMED' AND s.email = v.email
      AND i.id = d."issueId" AND i."sendingPausedAt" IS NULL
      AND NOT EXISTS (SELECT 1 FROM "Suppression" p WHERE p."emailHash" = v.hash)
    RETURNING d.id`;
  const started = new Set(rows.map((row) => row.id));
  return Promise.all(
    claims.map(async (claim, index) =>
      started.has(claim.id)
        ? { go: true }
        : { go: false, because: await whyNot(db, claim, hashes[index] ?? "") },
    ),
  );
}

async function whyNot(db: Database, claim: Claim, emailHash: string) {
  const row = await db.delivery.findFirst({
    where: { id: claim.id, attempt: claim.attempt, state: "SENDING" },
    select: { issue: { select: { sendingPausedAt: true } } },
  });
  if (!row) return "lost";
  if (row.issue.sendingPausedAt) return "paused";
  return (await db.suppression.count({ where: { emailHash } })) > 0 ? "suppressed" : "unsubscribed";
}

export type Starter = { start(claim: Claim): Promise<Start> };

/** Several connections that become free at about the same time ask in one statement. `start` throws what the database does. */
export function createStarter(db: Database): Starter {
  return { start: createGatherer((claims: readonly Claim[]) => startDeliveries(db, claims)) };
}
