/**
 * Saves the settings that the author may change. Safe to run twice. A new price, currency or interval leaves
 * `stripePriceId` empty, so that the next checkout makes the Stripe price that belongs to it; members who joined at the
 * old price keep it, because their subscription at Stripe does.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { type PublicationInput, publicationInput } from "./schema";

/** Throws INVALID with a message per field. */
export async function updatePublication(db: Database, input: unknown): Promise<PublicationInput> {
  const parsed = publicationInput.safeParse(input);
  if (!parsed.success) {
    const fields = Object.fromEntries(
      parsed.error.issues.map((issue) => [String(issue.path[0] ?? ""), issue.message]),
    );
    throw new DomainError("INVALID", "Some settings need another look.", { fields });
  }
  const data = parsed.data;
  await db.$transaction(async (tx) => {
    const current = await tx.publication.findUniqueOrThrow({ where: { id: 1 } });
    const samePrice = current.priceCents === data.priceCents && current.currency === data.currency;
    await tx.publication.update({
      where: { id: 1 },
      data: samePrice ? data : { ...data, stripePriceId: null },
    });
  });
  return data;
}
