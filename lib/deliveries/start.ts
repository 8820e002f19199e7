/**
 * Lets a worker begin with what it claimed: the last look before the mail server hears of a message. Still ours, the
 * reader still confirmed under this address and on no list of closed ones, the issue not paused. Begins the lease anew
 * and writes down which variant goes out. May run twice. Never sends.
 *
 * That a row is claimed stands on disk already, so this statement does not wait for the disk: after a crash of the
 * machine the row is one that had been claimed, whatever became of its lease.
 */
import { keyedHash } from "@/lib/tokens";
import { Prisma } from "@/prisma/generated/client";
import { type Claim, LEASE_SECONDS } from "./claim";
import { databaseNowPlus } from "./clock";
import { createGatherer } from "./gather";
import type { Ledger } from "./ledger";

export type Start =
  | { go: true }
  /** `lost` means that another worker has the row now. */
  | { go: false; because: "unsubscribed" | "suppressed" | "paused" | "lost" };

/** What goes out, kept so that it can be shown and proven later. */
export type Copied = { statusLineId: number | null; messageHash: bigint };

export type ToStart = { claim: Claim; copied: Copied };

/** One answer for each, in their order. */
export async function startDeliveries(ledger: Ledger, starts: readonly ToStart[]): Promise<Start[]> {
  const claims = starts.map(({ claim }) => claim);
  const copied = starts.map((start) => start.copied);
  const hashes = claims.map((claim) => keyedHash("address", claim.email));
  const rows = await ledger.query<{ id: bigint }>(Prisma.sql`
    WITH lazily AS (SELECT set_config('synchronous_commit', 'off', true))
    UPDATE "Delivery" d SET "leaseUntil" = ${databaseNowPlus(LEASE_SECONDS)}, variant = v.variant::"MailVariant",
      "statusLineId" = v."statusLineId", "messageHash" = v."messageHash"
    FROM unnest(${claims.map((claim) => claim.id)}::bigint[], ${claims.map((claim) => claim.attempt)}::int[],
        ${claims.map((claim) => claim.email)}::text[], ${hashes}::text[],
        ${claims.map((claim) => claim.variant)}::text[], ${copied.map((copy) => copy.statusLineId)}::int[],
        ${copied.map((copy) => copy.messageHash)}::bigint[])
        AS v(id, attempt, email, hash, variant, "statusLineId", "messageHash"),
      "Subscriber" s, "Issue" i, lazily
    WHERE d.id = v.id AND d.attempt = v.attempt AND d.state = 'SENDING'
      AND s.id = d."subscriberId" AND s.status = 'CONFIRMED' AND s.email = v.email
      AND i.id = d."issueId" AND i."sendingPausedAt" IS NULL
      AND NOT EXISTS (SELECT 1 FROM "Suppression" p WHERE p."emailHash" = v.hash)
    RETURNING d.id`);
  const started = new Set(rows.map((row) => row.id));
  const why = started.size === claims.length ? new Map() : await reasons(ledger, claims, hashes);
  return claims.map(({ id }) =>
    started.has(id) ? { go: true } : { go: false, because: why.get(id) ?? "lost" },
  );
}

type Reason = Extract<Start, { go: false }>["because"];

async function reasons(
  ledger: Ledger,
  claims: readonly Claim[],
  hashes: readonly string[],
): Promise<Map<bigint, Reason>> {
  const rows = await ledger.query<{ id: bigint; because: Reason }>(Prisma.sql`
    SELECT d.id, CASE
        WHEN i."sendingPausedAt" IS NOT NULL THEN 'paused'
        WHEN EXISTS (SELECT 1 FROM "Suppression" p WHERE p."emailHash" = v.hash) THEN 'suppressed'
        ELSE 'unsubscribed' END AS because
    FROM unnest(${claims.map((claim) => claim.id)}::bigint[], ${claims.map((claim) => claim.attempt)}::int[],
        ${hashes}::text[]) AS v(id, attempt, hash)
    JOIN "Delivery" d ON d.id = v.id AND d.attempt = v.attempt AND d.state = 'SENDING'
    JOIN "Issue" i ON i.id = d."issueId"`);
  return new Map(rows.map((row) => [row.id, row.because]));
}

export type Starter = { start(claim: Claim, copied: Copied): Promise<Start> };

/** Several connections that become free at about the same time ask in one statement. `start` throws what the database does. */
export function createStarter(ledger: Ledger): Starter {
  const start = createGatherer((starts: readonly ToStart[]) => startDeliveries(ledger, starts));
  return { start: (claim, copied) => start({ claim, copied }) };
}
