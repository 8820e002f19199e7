/**
 * Takes deliveries for one worker, and lets it begin with one. A claim is a lease by the database's clock with a new
 * attempt number, so no two workers have the same row and a late one changes nothing. Decides at that moment which
 * variant the reader may get, and skips who must not be mailed any more. Never sends.
 */
import type { Database } from "@/lib/db";
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
import { statusLine } from "./status-line";

export const LEASE_SECONDS = 60;

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
  currentPeriodEndsAt: Date | null;
  cancelAtPeriodEnd: boolean | null;
  pastDueSince: Date | null;
  endsAt: Date | null;
  amountCents: number | null;
  currency: string | null;
};

/** At most `limit` due deliveries of the issue. Fewer, or none, when others were skipped: ask again while `taken` > 0. */
export async function claimDeliveries(
  db: Database,
  request: ClaimRequest,
  { publication, now }: { publication: PublicationSettings; now: Date },
): Promise<{ claims: Claim[]; taken: number }> {
  return db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<Row[]>(dueRows(request, "QUEUED", request.limit));
    if (rows.length < request.limit) {
      rows.push(...(await tx.$queryRaw<Row[]>(dueRows(request, "DEFERRED", request.limit - rows.length))));
    }
    if (rows.length === 0) return { claims: [], taken: 0 };
    const suppressed = await suppressedHashes(tx, rows);
    const claims: Claim[] = [];
    const skips: { id: bigint; reply: string }[] = [];
    for (const row of rows) {
      const reason = reasonToSkip(row, suppressed);
      if (reason !== null || row.subscriberId === null || row.email === null) {
        skips.push({ id: row.id, reply: reason ?? "erased" });
      } else {
        claims.push(
          claimOf(row, { subscriberId: row.subscriberId, email: row.email }, request, publication, now),
        );
      }
    }
    await writeClaims(tx, request, claims);
    await writeSkips(tx, skips);
    return { claims, taken: rows.length };
  });
}

/** One state a statement: the index gives each in the order of its turn, both together would have to be sorted. */
function dueRows(request: ClaimRequest, state: "QUEUED" | "DEFERRED", limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT d.id, d.attempt, d."messageId", d.deferrals, s.id AS "subscriberId", s.email,
      s.status::text AS "subscriberStatus", s."unsubscribedAt", m.source::text AS source, m.status::text AS status,
      m."trialEndsAt", m."currentPeriodEndsAt", m."cancelAtPeriodEnd", m."pastDueSince", m."endsAt",
      m."amountCents", m.currency
    FROM "Delivery" d
    LEFT JOIN "Subscriber" s ON s.id = d."subscriberId"
    LEFT JOIN "Membership" m ON m."subscriberId" = s.id
    WHERE d."issueId" = ${request.issueId} AND d.state = ${state}::"DeliveryState"
      AND d."nextAttemptAt" <= ${DATABASE_NOW}
    ORDER BY d."nextAttemptAt"
    LIMIT ${limit}
    FOR UPDATE OF d SKIP LOCKED`;
}

/** The list of closed addresses holds even where a subscriber's row says otherwise. */
async function suppressedHashes(tx: Prisma.TransactionClient, rows: readonly Row[]): Promise<Set<string>> {
  const hashes = rows.flatMap((row) => (row.email === null ? [] : [keyedHash("address", row.email)]));
  const found = await tx.suppression.findMany({
    where: { emailHash: { in: hashes } },
    select: { emailHash: true },
  });
  return new Set(found.map((row) => row.emailHash));
}

function reasonToSkip(row: Row, suppressed: ReadonlySet<string>): string | null {
  if (row.email === null) return "erased";
  if (row.subscriberStatus === "UNSUBSCRIBED" && row.unsubscribedAt) return skipReason(row.unsubscribedAt);
  if (row.subscriberStatus !== "CONFIRMED") return `not confirmed: ${row.subscriberStatus?.toLowerCase()}`;
  return suppressed.has(keyedHash("address", row.email)) ? "suppressed" : null;
}

function claimOf(
  row: Row,
  reader: { subscriberId: string; email: string },
  request: ClaimRequest,
  publication: PublicationSettings,
  now: Date,
): Claim {
  const membership =
    row.status && row.source
      ? { ...row, status: row.status, source: row.source, cancelAtPeriodEnd: row.cancelAtPeriodEnd === true }
      : null;
  const whole = opensPaidIssues(membership, { now, graceDays: publication.graceDays });
  return {
    ...reader,
    id: row.id,
    attempt: row.attempt + 1,
    issueId: request.issueId,
    messageId: row.messageId,
    deferrals: row.deferrals,
    variant: whole ? "WHOLE" : "TEASER",
    statusLine: statusLine(membership, publication, now),
  };
}

async function writeClaims(
  tx: Prisma.TransactionClient,
  request: ClaimRequest,
  claims: readonly Claim[],
): Promise<void> {
  if (claims.length === 0) return;
  const ids = claims.map((claim) => claim.id);
  const variants = claims.map((claim) => claim.variant);
  await tx.$executeRaw`
    UPDATE "Delivery" d SET state = 'SENDING', attempt = d.attempt + 1, "claimedBy" = ${request.claimedBy},
      "leaseUntil" = ${databaseNowPlus(LEASE_SECONDS)}, variant = c.variant::"MailVariant"
    FROM unnest(${ids}::bigint[], ${variants}::text[]) AS c(id, variant) WHERE d.id = c.id`;
}

async function writeSkips(
  tx: Prisma.TransactionClient,
  skips: readonly { id: bigint; reply: string }[],
): Promise<void> {
  if (skips.length === 0) return;
  const ids = skips.map((skip) => skip.id);
  const replies = skips.map((skip) => skip.reply);
  await tx.$executeRaw`
    UPDATE "Delivery" d SET state = 'SKIPPED', reply = c.reply, "leaseUntil" = NULL
    FROM unnest(${ids}::bigint[], ${replies}::text[]) AS c(id, reply) WHERE d.id = c.id`;
}

export type Start =
  | { go: true }
  /** `lost` means that another worker has the row now. */
  | { go: false; because: "unsubscribed" | "paused" | "lost" };

/**
 * The last look before the mail server hears of it: still ours, the reader still confirmed under this address, the
 * issue not paused. Begins the lease anew.
 */
export async function startDelivery(db: Database, claim: Claim): Promise<Start> {
  const started = await db.$executeRaw`
    UPDATE "Delivery" d SET "leaseUntil" = ${databaseNowPlus(LEASE_SECONDS)}
    FROM "Subscriber" s, "Issue" i
    WHERE d.id = ${claim.id} AND d.attempt = ${claim.attempt} AND d.state = 'SENDING'
      AND s.id = d."subscriberId" AND s.status = 'CONFIRMED' AND s.email = ${claim.email}
      AND i.id = d."issueId" AND i."sendingPausedAt" IS NULL`;
  if (started > 0) return { go: true };
  const row = await db.delivery.findFirst({
    where: { id: claim.id, attempt: claim.attempt, state: "SENDING" },
    select: { issue: { select: { sendingPausedAt: true } } },
  });
  if (!row) return { go: false, because: "lost" };
  return { go: false, because: row.issue.sendingPausedAt ? "paused" : "unsubscribed" };
}

/** Keeps slow transactions ours. Answers which rows are; the others were lost meanwhile and are left alone. */
export async function renewLeases(
  db: Database,
  claims: readonly Pick<Claim, "id" | "attempt">[],
): Promise<Set<bigint>> {
  if (claims.length === 0) return new Set();
  const ids = claims.map((claim) => claim.id);
  const attempts = claims.map((claim) => claim.attempt);
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    UPDATE "Delivery" d SET "leaseUntil" = ${databaseNowPlus(LEASE_SECONDS)}
    FROM unnest(${ids}::bigint[], ${attempts}::int[]) AS c(id, attempt)
    WHERE d.id = c.id AND d.attempt = c.attempt AND d.state = 'SENDING'
    RETURNING d.id`;
  return new Set(rows.map((row) => row.id));
}
