/**
 * Takes deliveries for one worker. A claim is a lease by the database's clock with a new attempt number, so no two
 * workers have the same row and a late one changes nothing. Decides at that moment which variant the reader may get,
 * unless one may have arrived already: then it is the same again. Finds who must not be mailed any more. Never sends.
 */
import { performance } from "node:perf_hooks";
import { log } from "@/lib/log";
import { opensPaidIssues } from "@/lib/memberships/access";
import type { PublicationSettings } from "@/lib/publication/queries";
import { skipReason } from "@/lib/subscribers/unsubscribe";
import { keyedHash } from "@/lib/tokens";
import { Prisma } from "@/prisma/generated/client";
import type {
  MailVariant,
  MembershipSource,
  MembershipStatus,
  SubscriberStatus,
} from "@/prisma/generated/enums";
import { DATABASE_NOW, databaseNowPlus } from "./clock";
import type { Ledger } from "./ledger";
import { unwritable } from "./outcome";
import type { Settle } from "./settle";
import { statusLine } from "./status-line";

export const LEASE_SECONDS = 60;
const NEVER = Number.NEGATIVE_INFINITY;

export type Claim = {
  id: bigint;
  attempt: number;
  issueId: string;
  subscriberId: string;
  email: string;
  messageId: string;
  deferrals: number;
  variant: MailVariant;
  statusLine: string;
  /** By this process's monotonic clock, from before the look at reader and issue. */
  lookedAtMs: number;
};

export type ClaimRequest = {
  issueId: string;
  /** The worker's incarnation. */
  claimedBy: string;
  limit: number;
};

type Row = {
  id: bigint;
  attempt: number;
  messageId: string;
  deferrals: number;
  subscriberId: string | null;
  email: string | null;
  subscriberStatus: SubscriberStatus | null;
  unsubscribedAt: Date | null;
  source: MembershipSource | null;
  status: MembershipStatus | null;
  trialEndsAt: Date | null;
  followsFreeTime: boolean | null;
  currentPeriodEndsAt: Date | null;
  cancelAtPeriodEnd: boolean | null;
  pastDueSince: Date | null;
  endsAt: Date | null;
  pausedFrom: Date | null;
  amountCents: number | null;
  currency: string | null;
  intervalMonths: number | null;
  discountCode: string | null;
  discountCents: number | null;
  recurringDiscountCents: number | null;
  discountEndsAt: Date | null;
  /** Of a copy that may have arrived already. */
  firstVariant: MailVariant | null;
  firstStatusLine: string | null;
  /** By the database's clock. */
  now: Date;
};

/**
 * At most `limit` due deliveries of the issue; `skips` are rows whose person may not be mailed any more, or whose copy
 * cannot be made, claimed as well and to be settled as such. None while the issue is paused. What it takes stands when it answers.
 */
export async function claimDeliveries(
  ledger: Ledger,
  request: ClaimRequest,
  { publication }: { publication: PublicationSettings },
): Promise<{ claims: Claim[]; skips: Settle[] }> {
  const lookedAtMs = performance.now();
  const rows = await ledger.query<Row>(takeDue(request, "QUEUED", request.limit));
  if (rows.length < request.limit) {
    rows.push(...(await ledger.query<Row>(takeDue(request, "DEFERRED", request.limit - rows.length))));
  }
  const closed = await findClosed(ledger, rows).catch((error: unknown) => {
    log.warn({ event: "deliveries.closed-not-read", error }, "each of these is looked at again");
    return null;
  });
  const claims: Claim[] = [];
  const skips: Settle[] = [];
  for (const row of rows) {
    const { id, attempt, subscriberId, email } = row;
    const reason = closed?.has(id) ? "suppressed" : reasonToSkip(row);
    if (reason !== null || subscriberId === null || email === null) {
      skips.push({ id, attempt, settlement: { state: "SKIPPED", reply: reason ?? "erased" } });
    } else {
      const reader = { subscriberId, email, lookedAtMs: closed ? lookedAtMs : NEVER };
      try {
        claims.push(claimOf(row, reader, request, publication));
      } catch (error) {
        log.error({ event: "deliveries.not-written", deliveryId: String(id), error }, "this copy failed");
        skips.push({ id, attempt, settlement: unwritable(error) });
      }
    }
  }
  return { claims, skips };
}

/** One state a statement: the index gives each in the order of its turn, both together would have to be sorted. */
function takeDue(request: ClaimRequest, state: "QUEUED" | "DEFERRED", limit: number): Prisma.Sql {
  return Prisma.sql`
    WITH due AS MATERIALIZED (
      SELECT id FROM "Delivery"
      WHERE "issueId" = ${request.issueId} AND state = ${state}::"DeliveryState"
        AND "nextAttemptAt" <= ${DATABASE_NOW}
        AND EXISTS (SELECT 1 FROM "Issue" WHERE id = ${request.issueId} AND "sendingPausedAt" IS NULL)
      ORDER BY "nextAttemptAt"
      LIMIT ${limit}
      FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE "Delivery" d SET state = 'SENDING', attempt = d.attempt + 1, "claimedBy" = ${request.claimedBy},
        "leaseUntil" = ${databaseNowPlus(LEASE_SECONDS)}
      FROM due WHERE d.id = due.id
      RETURNING d.id, d.attempt, d."messageId", d.deferrals, d."subscriberId", d.variant, d."statusLineId"
    )
    SELECT t.id, t.attempt, t."messageId", t.deferrals, t.variant::text AS "firstVariant",
      l.text AS "firstStatusLine", s.id AS "subscriberId", s.email,
      s.status::text AS "subscriberStatus", s."unsubscribedAt", m.source::text AS source, m.status::text AS status,
      m."trialEndsAt", m."followsFreeTime", m."currentPeriodEndsAt", m."cancelAtPeriodEnd", m."pastDueSince", m."endsAt",
      m."pausedFrom", m."amountCents", m.currency, m."intervalMonths", m."discountCode", m."discountCents",
      m."recurringDiscountCents", m."discountEndsAt", ${DATABASE_NOW} AS now
    FROM taken t
    LEFT JOIN "Subscriber" s ON s.id = t."subscriberId"
    LEFT JOIN "Membership" m ON m."subscriberId" = s.id
    LEFT JOIN "StatusLine" l ON l.id = t."statusLineId"`;
}

/** Rows whose address is on the list of closed ones, whatever the reader's row says. */
async function findClosed(ledger: Ledger, rows: readonly Row[]): Promise<Set<bigint>> {
  const hashes = new Map(rows.map(({ id, email }) => [keyedHash("address", email ?? ""), id]));
  if (hashes.size === 0) return new Set();
  const closed = await ledger.query<{ hash: string }>(
    Prisma.sql`SELECT "emailHash" AS hash FROM "Suppression" WHERE "emailHash" = ANY(${[...hashes.keys()]}::text[])`,
  );
  return new Set(closed.flatMap(({ hash }) => hashes.get(hash) ?? []));
}

function reasonToSkip(row: Row): string | null {
  if (row.email === null) return "erased";
  if (row.subscriberStatus === "UNSUBSCRIBED" && row.unsubscribedAt) return skipReason(row.unsubscribedAt);
  return row.subscriberStatus === "CONFIRMED"
    ? null
    : `not confirmed: ${row.subscriberStatus?.toLowerCase()}`;
}

function claimOf(
  row: Row,
  reader: Pick<Claim, "subscriberId" | "email" | "lookedAtMs">,
  request: ClaimRequest,
  publication: PublicationSettings,
): Claim {
  const { now } = row;
  const membership =
    row.status && row.source
      ? {
          ...row,
          status: row.status,
          source: row.source,
          cancelAtPeriodEnd: row.cancelAtPeriodEnd === true,
          followsFreeTime: row.followsFreeTime === true,
        }
      : null;
  const whole = opensPaidIssues(membership, { now, graceDays: publication.graceDays });
  return {
    ...reader,
    id: row.id,
    attempt: row.attempt,
    issueId: request.issueId,
    messageId: row.messageId,
    deferrals: row.deferrals,
    variant: row.firstVariant ?? (whole ? "WHOLE" : "TEASER"),
    statusLine: row.firstStatusLine ?? statusLine(membership, publication, now),
  };
}

/**
 * Gives back what this worker claimed and does not hold: the answer to a claim was lost, and nothing of it was sent.
 * Without this such rows would wait for the end of their lease.
 */
export async function giveBackUnheld(
  ledger: Ledger,
  { claimedBy, held }: { claimedBy: string; held: readonly bigint[] },
): Promise<number> {
  const rows = await ledger.query<{ id: bigint }>(Prisma.sql`
    UPDATE "Delivery" SET state = 'QUEUED', "leaseUntil" = NULL, "nextAttemptAt" = ${DATABASE_NOW}
    WHERE state = 'SENDING' AND "claimedBy" = ${claimedBy} AND id <> ALL(${held}::bigint[])
    RETURNING id`);
  return rows.length;
}

/** Keeps slow transactions ours. Answers which rows are; the others were lost meanwhile and are left alone. */
export async function renewLeases(
  ledger: Ledger,
  claims: readonly Pick<Claim, "id" | "attempt">[],
): Promise<Set<bigint>> {
  if (claims.length === 0) return new Set();
  const ids = claims.map((claim) => claim.id);
  const attempts = claims.map((claim) => claim.attempt);
  const rows = await ledger.query<{ id: bigint }>(Prisma.sql`
    UPDATE "Delivery" d SET "leaseUntil" = ${databaseNowPlus(LEASE_SECONDS)}
    FROM unnest(${ids}::bigint[], ${attempts}::int[]) AS c(id, attempt)
    WHERE d.id = c.id AND d.attempt = c.attempt AND d.state = 'SENDING'
    RETURNING d.id`);
  return new Set(rows.map((row) => row.id));
}
