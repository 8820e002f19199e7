import type { Database } from "@/lib/db";
import type { BounceKind } from "@/prisma/generated/enums";
import { LEDGER_ROWS } from "../ledger-rows";
import { bounceScore } from "./score";

/** What came back, for the desk. Reads only. */

export type BounceInList = {
  id: string;
  at: Date;
  kind: BounceKind;
  status: string | null;
  words: string | null;
  source: string;
  /** The issue that came back, where the report named it. */
  issue: { id: string; title: string } | null;
  forgivenAt: Date | null;
};

export type BounceHistory = { bounces: BounceInList[]; total: number; score: number };

const LATEST = 20;

/** The latest twenty of one person, and what stands against the address now. */
export async function listBounces(
  db: Database,
  subscriberId: string,
  { now }: { now: Date },
): Promise<BounceHistory> {
  const rows = await db.bounce.findMany({ where: { subscriberId }, orderBy: { at: "desc" } });
  const latest = rows.slice(0, LATEST);
  const ids = latest.flatMap(({ deliveryId }) => (deliveryId === null ? [] : [deliveryId]));
  const deliveries = await db.$queryRaw<{ id: bigint; issueId: string; title: string }[]>`
    SELECT r.id, i.id AS "issueId", i.title FROM ${LEDGER_ROWS} r JOIN "Issue" i ON i.id = r."issueId"
    WHERE r.id = ANY(${ids}::bigint[])`;
  const issueOf = new Map(deliveries.map(({ id, issueId, title }) => [id, { id: issueId, title }]));
  return {
    bounces: latest.map(({ id, at, kind, status, words, source, deliveryId, forgivenAt }) => ({
      id,
      at,
      kind,
      status,
      words,
      source,
      issue: deliveryId === null ? null : (issueOf.get(deliveryId) ?? null),
      forgivenAt,
    })),
    total: rows.length,
    score: bounceScore(
      rows.filter(({ forgivenAt }) => forgivenAt === null),
      now,
    ),
  };
}

export type CameBack = { kind: BounceKind; at: Date };

/** Which of these deliveries came back after the mail server had taken them: the latest report of each. */
export async function listCameBack(
  db: Database,
  deliveryIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, CameBack>> {
  const rows = await db.bounce.findMany({
    where: { deliveryId: { in: [...deliveryIds] }, source: { not: "smtp" } },
    orderBy: { at: "asc" },
    select: { deliveryId: true, kind: true, at: true },
  });
  return new Map(rows.flatMap(({ deliveryId, ...row }) => (deliveryId === null ? [] : [[deliveryId, row]])));
}
