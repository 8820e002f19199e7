/**
 * Tells people whose gift ends: a week before and on the day, each once. By our own clock, for no charge hangs on it. Safe
 * to run at any time; what ended longer ago than three days is told no more.
 */
import type { Database } from "@/lib/db";
import { enqueueNotice } from "@/lib/mail/notices";
import { formatPrice } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { hasUsedTrial } from "@/lib/subscribers/used-trial";

const DAY_MS = 86_400_000;
const DAYS_BEFORE = 7;
const DAYS_AFTER = 3;

/** How many were told. */
export async function remindOfGiftEnds(
  db: Database,
  { now, publicUrl }: { now: Date; publicUrl: string },
): Promise<number> {
  const rows = await db.membership.findMany({
    where: {
      source: "GIFT",
      status: "ACTIVE",
      endsAt: {
        gt: new Date(now.getTime() - DAYS_AFTER * DAY_MS),
        lte: new Date(now.getTime() + DAYS_BEFORE * DAY_MS),
      },
    },
    include: { subscriber: { select: { email: true, trialUsedAt: true } } },
  });
  if (rows.length === 0) return 0;
  const publication = await getPublication(db);
  const { priceCents, currency, language } = publication;
  let told = 0;
  for (const { subscriberId, subscriber, endsAt } of rows) {
    if (endsAt === null) continue;
    const hadTrial = await hasUsedTrial(db, subscriber);
    const offer = {
      trialDays: hadTrial ? 0 : publication.trialDays,
      priceLabel: formatPrice(priceCents, currency, 1, language),
      joinUrl: `${publicUrl}/join`,
    };
    const to = { subscriberId, email: subscriber.email };
    // The end is part of the key: another gift moves it, and then there is something new to tell.
    const key = `${subscriberId}:${endsAt.getTime()}`;
    const isNew =
      endsAt > now
        ? await enqueueNotice(db, {
            kind: "gift-ending",
            to,
            dedupeKey: `gift-ending:${key}`,
            data: { endsAt: endsAt.toISOString(), offer },
            expiresAt: endsAt,
          })
        : await enqueueNotice(db, {
            kind: "gift-ended",
            to,
            dedupeKey: `gift-ended:${key}`,
            data: { offer },
          });
    if (isNew) told += 1;
  }
  return told;
}
