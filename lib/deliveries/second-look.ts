/**
 * Looks once more at what was claimed and then had to wait: still ours, the reader still confirmed under this address
 * and on no list of closed ones, the issue not paused. Reads only.
 *
 * A claim is such a look itself, and holds for FRESH_MS as long as no news came. Nobody is mailed after they left all
 * the same: unsubscribing waits longer than that for mail which is on its way (`lib/subscribers/unsubscribe.ts`).
 */
import { performance } from "node:perf_hooks";
import { keyedHash } from "@/lib/tokens";
import { Prisma } from "@/prisma/generated/client";
import type { Claim } from "./claim";
import { createGatherer } from "./gather";
import type { Ledger } from "./ledger";
import type { News } from "./news";

const FRESH_MS = 250;

/** Whether what was seen when it was claimed still counts. */
export function isFresh({ lookedAtMs }: Pick<Claim, "lookedAtMs">, news: News): boolean {
  const lastAtMs = news.lastAtMs();
  return lastAtMs !== null && lastAtMs < lookedAtMs && performance.now() - lookedAtMs < FRESH_MS;
}

/** The same of an answer that says go, by when it was asked for. News that cannot be heard leaves its age alone to count. */
export function isRecent(askedAtMs: number, news: News): boolean {
  const lastAtMs = news.lastAtMs();
  return (lastAtMs === null || lastAtMs < askedAtMs) && performance.now() - askedAtMs < FRESH_MS;
}

export type Look =
  | { go: true }
  /** `lost` means that another worker has the row now. */
  | { go: false; because: "unsubscribed" | "suppressed" | "paused" | "lost" };

type Reason = Extract<Look, { go: false }>["because"];

/** One answer for each, in their order. */
export async function lookAgain(ledger: Ledger, claims: readonly Claim[]): Promise<Look[]> {
  const rows = await ledger.query<{ id: bigint; because: Reason | null }>(Prisma.sql`
    SELECT d.id, CASE
        WHEN i."sendingPausedAt" IS NOT NULL THEN 'paused'
        WHEN EXISTS (SELECT 1 FROM "Suppression" p WHERE p."emailHash" = v.hash) THEN 'suppressed'
        WHEN s.status IS DISTINCT FROM 'CONFIRMED' OR s.email <> v.email THEN 'unsubscribed' END AS because
    FROM unnest(${claims.map((claim) => claim.id)}::bigint[], ${claims.map((claim) => claim.attempt)}::int[],
        ${claims.map((claim) => claim.email)}::text[],
        ${claims.map((claim) => keyedHash("address", claim.email))}::text[]) AS v(id, attempt, email, hash)
    JOIN "Delivery" d ON d.id = v.id AND d.attempt = v.attempt AND d.state = 'SENDING'
    JOIN "Issue" i ON i.id = d."issueId"
    LEFT JOIN "Subscriber" s ON s.id = d."subscriberId"`);
  const found = new Map(rows.map((row) => [row.id, row.because]));
  return claims.map(({ id }) => {
    const because = found.get(id);
    if (because === undefined) return { go: false, because: "lost" };
    return because === null ? { go: true } : { go: false, because };
  });
}

/** Several connections that become free at about the same time ask in one statement. Throws what the database does. */
export function createSecondLook(ledger: Ledger): (claim: Claim) => Promise<Look> {
  return createGatherer((claims: readonly Claim[]) => lookAgain(ledger, claims));
}
