/** Whose mail a report is about. */
import type { Database } from "@/lib/db";
import type { Returned } from "@/lib/mail/return-path";
import { Prisma } from "@/prisma/generated/client";
import type { BounceKind } from "@/prisma/generated/enums";
import { LEDGER_ROWS } from "../ledger-rows";

/** A mail of ours, or the person where a provider names nobody's mail but their address. */
export type About = Returned | { subscriberId: string; key: string };

export type Subject = {
  subscriberId: string;
  deliveryId: bigint | null;
  email: string;
  /** The same report has the same key, however often it comes. */
  keyOf: (kind: BounceKind) => string;
};

/**
 * In the order of `abouts`, with a handful of statements however many they are. Null for no such mail, for one that was
 * never tried and so cannot have come back, and where its person was erased or has another address by now.
 */
export async function findSubjects(db: Database, abouts: readonly About[]): Promise<(Subject | null)[]> {
  const deliveries = await readDeliveries(
    db,
    abouts.flatMap((about) => ("deliveryId" in about ? [about.deliveryId] : [])),
  );
  const notices = await readNotices(
    db,
    abouts.flatMap((about) => ("noticeId" in about ? [about.noticeId] : [])),
  );
  const addresses = await readAddresses(
    db,
    abouts.flatMap((about) => ("subscriberId" in about ? [about.subscriberId] : [])),
  );
  return abouts.map((about): Subject | null => {
    if ("deliveryId" in about) return deliveries.get(about.deliveryId) ?? null;
    if ("noticeId" in about) return notices.get(about.noticeId) ?? null;
    const { subscriberId, key } = about;
    const email = addresses.get(subscriberId);
    return email === undefined ? null : { subscriberId, deliveryId: null, email, keyOf: () => key };
  });
}

async function readDeliveries(db: Database, ids: readonly bigint[]): Promise<Map<bigint, Subject>> {
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: bigint; subscriberId: string; email: string }[]>(Prisma.sql`
    SELECT r.id, r."subscriberId", s.email FROM ${LEDGER_ROWS} r JOIN "Subscriber" s ON s.id = r."subscriberId"
    WHERE r.id = ANY(${ids}::bigint[]) AND r.attempt > 0`);
  return new Map(
    rows.map(({ id, subscriberId, email }) => [
      id,
      { subscriberId, deliveryId: id, email, keyOf: (kind) => `${id}:${kind}` },
    ]),
  );
}

async function readNotices(db: Database, ids: readonly string[]): Promise<Map<string, Subject>> {
  if (ids.length === 0) return new Map();
  const rows = await db.notice.findMany({
    where: { id: { in: [...ids] }, attempt: { gt: 0 } },
    select: { id: true, subscriberId: true, email: true, subscriber: { select: { email: true } } },
  });
  return new Map(
    rows.flatMap(({ id, subscriberId, email, subscriber }): [string, Subject][] =>
      subscriberId === null || subscriber?.email !== email
        ? []
        : [[id, { subscriberId, deliveryId: null, email, keyOf: (kind) => `notice:${id}:${kind}` }]],
    ),
  );
}

async function readAddresses(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.subscriber.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, email: true },
  });
  return new Map(rows.map(({ id, email }) => [id, email]));
}
