import type { Database, Transaction } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import type { Publication } from "@/prisma/generated/client";
import type { PublicationFacts } from "./facts";
import { formatMonthlyPrice, formatSubscriberCount } from "./format";

/** The publication's settings, without the row's own bookkeeping. */
export type PublicationSettings = Omit<Publication, "id" | "updatedAt">;

/** Throws UNAVAILABLE where the installation has not been set up. */
export async function getPublication(db: Database | Transaction): Promise<PublicationSettings> {
  const row = await db.publication.findUnique({ where: { id: 1 } });
  if (!row) throw new DomainError("UNAVAILABLE", "This publication is not set up yet.");
  const { id: _id, updatedAt: _updatedAt, ...settings } = row;
  return settings;
}

/** The facts as they stand now: an issue that was published carries its own, frozen ones. */
export async function getPublicationFacts(
  db: Database | Transaction,
  settings?: PublicationSettings,
): Promise<PublicationFacts> {
  const publication = settings ?? (await getPublication(db));
  const confirmed = await db.subscriber.count({ where: { status: "CONFIRMED" } });
  return {
    publicationName: publication.name,
    seriesName: publication.seriesName,
    authorName: publication.authorName,
    publicUrl: getEnv().PUBLIC_URL,
    language: publication.language,
    price: formatMonthlyPrice(publication.priceCents, publication.currency, publication.language),
    trialDays: publication.trialDays,
    subscriberCount: formatSubscriberCount(confirmed),
  };
}

export type SnippetRow = { name: string; title: string; body: unknown };

export async function listSnippets(db: Database | Transaction): Promise<SnippetRow[]> {
  return db.snippet.findMany({
    where: { deletedAt: null },
    select: { name: true, title: true, body: true },
    orderBy: { title: "asc" },
  });
}

export async function listSnippetNames(db: Database | Transaction): Promise<Set<string>> {
  const rows = await db.snippet.findMany({ where: { deletedAt: null }, select: { name: true } });
  return new Set(rows.map((row) => row.name));
}
