/**
 * Saves some rows of a list in one transaction. May run twice with the same rows. Never changes somebody who left,
 * bounced or complained, and never takes back a decision that a person made here.
 */
import { randomUUIDv7 } from "node:crypto";
import type { Database, Transaction } from "@/lib/db";
import { keyedHash } from "@/lib/tokens";
import type { ListRow } from "./csv-columns";
import { savePaidElsewhere } from "./paid-elsewhere";
import { skipOpenDeliveries } from "./unsubscribe";

export type BatchCounts = {
  added: number;
  /** Waited for confirmation here, and the list states their consent. */
  confirmed: number;
  /** Had come by import, and this list says that they left. */
  left: number;
  unchanged: number;
  /** Of those added or unchanged: on the list of addresses that are never mailed. */
  suppressed: number;
  /** Of all rows: pay for a membership where the list comes from. */
  paidElsewhere: number;
};

export function emptyCounts(): BatchCounts {
  return { added: 0, confirmed: 0, left: 0, unchanged: 0, suppressed: 0, paidElsewhere: 0 };
}

type BatchOptions = { now: Date; confirmed: boolean; source: string };

/** Consent that came with a list, not from the person. */
const IMPORTED = "import: ";

export async function saveBatch(db: Database, rows: ListRow[], options: BatchOptions): Promise<BatchCounts> {
  return db.$transaction(
    async (tx) => {
      const known = await tx.subscriber.findMany({
        where: { email: { in: rows.map((row) => row.email) } },
        select: { id: true, email: true, status: true, consent: true },
      });
      const byEmail = new Map(known.map((subscriber) => [subscriber.email, subscriber]));
      const blocked = await findBlocked(tx, rows);
      const counts = await addNew(
        tx,
        rows.filter((row) => !byEmail.has(row.email)),
        { ...options, blocked },
      );
      const confirming: string[] = [];
      const leaving: string[] = [];
      for (const row of rows) {
        const subscriber = byEmail.get(row.email);
        if (!subscriber) continue;
        const blockedFor = blocked.get(row.email);
        if (subscriber.status === "SUPPRESSED" || isClosed(blockedFor)) counts.suppressed += 1;
        const wanted = targetStatus(row, options);
        // Of somebody who left and was erased, and now waits for confirmation, an old list says nothing.
        if (subscriber.status === "PENDING" && wanted === "CONFIRMED" && blockedFor === undefined) {
          confirming.push(subscriber.id);
        } else if (leaves(subscriber, wanted)) {
          leaving.push(subscriber.id);
        } else counts.unchanged += 1;
      }
      counts.confirmed = await confirmKnown(tx, confirming, options);
      counts.left = await leaveKnown(tx, leaving, options.now);
      const paid = rows.flatMap((row) => (row.paid ? [{ email: row.email, paid: row.paid }] : []));
      await savePaidElsewhere(tx, paid, options);
      counts.paidElsewhere = paid.filter((each) => each.paid.kind === "PAID").length;
      return counts;
    },
    { timeout: 60_000, maxWait: 10_000 },
  );
}

type Status = "PENDING" | "CONFIRMED" | "UNSUBSCRIBED" | "SUPPRESSED";

function targetStatus(row: ListRow, options: BatchOptions): Status {
  if (row.status === "UNSUBSCRIBED" || row.status === "SUPPRESSED" || row.status === "PENDING")
    return row.status;
  return options.confirmed ? "CONFIRMED" : "PENDING";
}

function leaves(subscriber: { status: Status; consent: string }, wanted: Status): boolean {
  const gone = wanted === "UNSUBSCRIBED" || wanted === "SUPPRESSED";
  const here = subscriber.status === "CONFIRMED" || subscriber.status === "PENDING";
  return gone && here && subscriber.consent.startsWith(IMPORTED);
}

/** Why an address is on the list of those that are not mailed, by the address. */
type Blocked = ReadonlyMap<string, string>;

async function findBlocked(tx: Transaction, rows: readonly ListRow[]): Promise<Blocked> {
  const emails = new Map(rows.map(({ email }) => [keyedHash("address", email), email]));
  const found = await tx.suppression.findMany({ where: { emailHash: { in: [...emails.keys()] } } });
  return new Map(found.map(({ emailHash, reason }) => [emails.get(emailHash) ?? "", reason]));
}

/** Whoever left and was erased may come back; everybody else on the list may not. */
function isClosed(blockedFor: string | undefined): boolean {
  return blockedFor !== undefined && blockedFor !== "unsubscribed";
}

async function addNew(
  tx: Transaction,
  rows: ListRow[],
  options: BatchOptions & { blocked: Blocked },
): Promise<BatchCounts> {
  const counts = emptyCounts();
  if (rows.length === 0) return counts;
  const data = rows.map((row) => newSubscriber(row, options.blocked.get(row.email), options));
  counts.added = await insertSubscribers(tx, data, options.now);
  counts.unchanged = rows.length - counts.added;
  const closed = data.filter((subscriber) => subscriber.status === "SUPPRESSED");
  counts.suppressed = closed.length;
  await tx.suppression.createMany({
    data: closed.map((subscriber) => ({
      emailHash: keyedHash("address", subscriber.email),
      reason: subscriber.suppressedReason ?? "imported",
    })),
    skipDuplicates: true,
  });
  return counts;
}

type NewRow = {
  id: string;
  email: string;
  name: string;
  status: Status;
  consent: string;
  createdAt: Date;
  consentAt: Date | null;
  confirmedAt: Date | null;
  unsubscribedAt: Date | null;
  suppressedAt: Date | null;
  suppressedReason: string | null;
};

function newSubscriber(row: ListRow, blockedFor: string | undefined, options: BatchOptions): NewRow {
  const wanted = targetStatus(row, options);
  const status = blockedFor === undefined ? wanted : isClosed(blockedFor) ? "SUPPRESSED" : "UNSUBSCRIBED";
  const createdAt = row.createdAt && row.createdAt < options.now ? row.createdAt : options.now;
  return {
    id: randomUUIDv7(),
    email: row.email,
    name: row.name,
    status,
    consent: `${IMPORTED}${options.source}`.slice(0, 300),
    createdAt,
    consentAt: status === "CONFIRMED" ? options.now : null,
    confirmedAt: status === "CONFIRMED" ? createdAt : null,
    unsubscribedAt: status === "UNSUBSCRIBED" ? options.now : null,
    suppressedAt: status === "SUPPRESSED" ? options.now : null,
    suppressedReason: status === "SUPPRESSED" ? (blockedFor ?? "imported") : null,
  };
}

/** One parameter for a thousand rows: Prisma's createMany binds each value and takes twenty times as long. */
async function insertSubscribers(tx: Transaction, rows: NewRow[], now: Date): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO "Subscriber" ("id", "email", "name", "status", "source", "consent", "createdAt", "updatedAt",
      "consentAt", "confirmedAt", "unsubscribedAt", "suppressedAt", "suppressedReason")
    SELECT "id", "email", "name", "status"::"SubscriberStatus", 'import', "consent", "createdAt", ${now}::timestamp,
      "consentAt", "confirmedAt", "unsubscribedAt", "suppressedAt", "suppressedReason"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row("id" text, "email" text, "name" text, "status" text,
      "consent" text, "createdAt" timestamp, "consentAt" timestamp, "confirmedAt" timestamp,
      "unsubscribedAt" timestamp, "suppressedAt" timestamp, "suppressedReason" text)
    ON CONFLICT ("email") DO NOTHING`;
}

async function confirmKnown(tx: Transaction, ids: string[], options: BatchOptions): Promise<number> {
  if (ids.length === 0) return 0;
  const { count } = await tx.subscriber.updateMany({
    where: { id: { in: ids }, status: "PENDING" },
    data: {
      status: "CONFIRMED",
      confirmedAt: options.now,
      consent: `${IMPORTED}${options.source}`.slice(0, 300),
      consentAt: options.now,
    },
  });
  return count;
}

async function leaveKnown(tx: Transaction, ids: string[], now: Date): Promise<number> {
  if (ids.length === 0) return 0;
  const left = await tx.subscriber.updateManyAndReturn({
    where: { id: { in: ids }, status: { in: ["CONFIRMED", "PENDING"] } },
    data: { status: "UNSUBSCRIBED", unsubscribedAt: now },
    select: { id: true },
  });
  await skipOpenDeliveries(
    tx,
    left.map(({ id }) => id),
    "unsubscribed by an imported list",
  );
  return left.length;
}
