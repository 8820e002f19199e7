/**
 * One person's story as the desk tells it: Stripe's events with what they changed, changes with their cause and reason,
 * charges, refunds and every mail, newest first, page by page. Reads only.
 */
import type { Database } from "@/lib/db";
import type { ChangeCause, PaymentKind } from "@/prisma/generated/enums";
import { type MembershipSnapshot, readSnapshot } from "./change";

type StoredSnapshot = Record<string, unknown>;

type Row = { id: string; at: Date } & (
  | { kind: "event"; what: string; detail: ChangeDetail & { handled: boolean; error: string | null } }
  | { kind: "change"; what: ChangeCause; detail: ChangeDetail }
  | { kind: "payment"; what: PaymentKind; detail: PaymentDetail }
  | { kind: "issue"; what: string; detail: MailDetail & { issueId: string; variant: string | null } }
  | { kind: "notice"; what: string; detail: MailDetail }
);
type ChangeDetail = { before: StoredSnapshot | null; after: StoredSnapshot | null; reason: string | null };
type PaymentDetail = { status: string; amountCents: number; currency: string; reason: string | null };
/** The mail server's last words, or why it was not sent. */
type MailDetail = { state: string; reply: string | null };

export type Change = {
  before: MembershipSnapshot | null;
  after: MembershipSnapshot;
  reason: string | null;
};

export type Moment = { id: string; at: Date } & (
  | { kind: "event"; type: string; change: Change | null; handled: boolean; error: string | null }
  | { kind: "change"; cause: ChangeCause; change: Change }
  | ({ kind: "payment"; what: PaymentKind } & PaymentDetail)
  | ({ kind: "issue"; title: string; issueId: string; variant: string | null } & MailDetail)
  | ({ kind: "notice"; notice: string } & MailDetail)
);

export type Timeline = { moments: Moment[]; total: number; page: number; pageCount: number };

const PAGE_SIZE = 50;

/** Pages count from 1; one past the end shows the last. An unknown person has an empty one. */
export async function readTimeline(
  db: Database,
  subscriberId: string,
  request: { page?: number } = {},
): Promise<Timeline> {
  const person = await db.subscriber.findUnique({
    where: { id: subscriberId },
    select: { stripeCustomerId: true },
  });
  const customerId = person?.stripeCustomerId ?? "";
  const total = await countMoments(db, subscriberId, customerId);
  const pageCount = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const page = Math.min(Math.max(1, Math.trunc(request.page ?? 1) || 1), pageCount);
  // A change that an event made is told with its event, unless that came for a customer who was replaced since.
  const rows = await db.$queryRaw<Row[]>`
    SELECT 'event' AS kind, e.id, e."receivedAt" AS at, e.type AS what, jsonb_build_object(
      'before', c.before, 'after', c.after, 'reason', c.reason,
      'handled', e."handledAt" IS NOT NULL, 'error', e.error) AS detail
    FROM "StripeEvent" e
    LEFT JOIN "MembershipChange" c ON c."eventId" = e.id AND c."subscriberId" = ${subscriberId}
    WHERE e."customerId" = ${customerId}
    UNION ALL
    SELECT 'change', c.id, c.at, c.cause::text,
      jsonb_build_object('before', c.before, 'after', c.after, 'reason', c.reason)
    FROM "MembershipChange" c
    WHERE c."subscriberId" = ${subscriberId} AND NOT EXISTS (
      SELECT 1 FROM "StripeEvent" e WHERE e.id = c."eventId" AND e."customerId" = ${customerId})
    UNION ALL
    SELECT 'payment', p.id, p.at, p.kind::text, jsonb_build_object(
      'status', p.status, 'amountCents', p."amountCents", 'currency', p.currency, 'reason', p.reason)
    FROM "Payment" p WHERE p."subscriberId" = ${subscriberId}
    UNION ALL
    SELECT 'issue', d.id::text, coalesce(d."sentAt",
        CASE WHEN d.state IN ('FAILED', 'UNCERTAIN') THEN d."nextAttemptAt" END, d."createdAt"), i.title, jsonb_build_object(
      'issueId', i.id, 'variant', d.variant, 'state', d.state, 'reply', d.reply)
    FROM "Delivery" d JOIN "Issue" i ON i.id = d."issueId"
    WHERE d."subscriberId" = ${subscriberId}
    UNION ALL
    SELECT 'issue', p.id::text, p.at, i.title, jsonb_build_object(
      'issueId', i.id, 'variant', p.variant, 'state', p.state, 'reply', p.reply)
    FROM "PastDelivery" p JOIN "PastLedger" l ON l.id = p."ledgerId" JOIN "Issue" i ON i.id = l."issueId"
    WHERE p."subscriberId" = ${subscriberId}
    UNION ALL
    SELECT 'notice', n.id, coalesce(n."sentAt", n."createdAt"), n.kind,
      jsonb_build_object('state', n.state, 'reply', n.reply)
    FROM "Notice" n WHERE n."subscriberId" = ${subscriberId}
    ORDER BY at DESC, kind, id DESC
    LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`;
  return { moments: rows.map(asMoment), total, page, pageCount };
}

async function countMoments(db: Database, subscriberId: string, customerId: string): Promise<number> {
  const [row] = await db.$queryRaw<{ total: number }[]>`
    SELECT (
      (SELECT count(*) FROM "StripeEvent" WHERE "customerId" = ${customerId})
      + (SELECT count(*) FROM "MembershipChange" c WHERE c."subscriberId" = ${subscriberId} AND NOT EXISTS (
          SELECT 1 FROM "StripeEvent" e WHERE e.id = c."eventId" AND e."customerId" = ${customerId}))
      + (SELECT count(*) FROM "Payment" WHERE "subscriberId" = ${subscriberId})
      + (SELECT count(*) FROM "Delivery" WHERE "subscriberId" = ${subscriberId})
      + (SELECT count(*) FROM "PastDelivery" WHERE "subscriberId" = ${subscriberId})
      + (SELECT count(*) FROM "Notice" WHERE "subscriberId" = ${subscriberId})
    )::int AS total`;
  return row?.total ?? 0;
}

function asMoment(row: Row): Moment {
  const { id, at } = row;
  switch (row.kind) {
    case "event": {
      const { handled, error } = row.detail;
      return { id, at, kind: "event", type: row.what, change: asChange(row.detail), handled, error };
    }
    case "change": {
      const change = asChange(row.detail);
      if (!change) throw new Error(`The change ${id} says nothing.`);
      return { id, at, kind: "change", cause: row.what, change };
    }
    case "payment":
      return { id, at, kind: "payment", what: row.what, ...row.detail };
    case "issue":
      return { id, at, kind: "issue", title: row.what, ...row.detail };
    case "notice":
      return { id, at, kind: "notice", notice: row.what, ...row.detail };
  }
}

function asChange({ before, after, reason }: ChangeDetail): Change | null {
  return after && { before: before && readSnapshot(before), after: readSnapshot(after), reason };
}
