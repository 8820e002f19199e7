/**
 * Saves the settings that the author may change. A save names the version it began from and is refused when another tab
 * saved in between, so nothing is overwritten unseen; the same save twice is one. A new price or currency leaves both Stripe
 * prices empty, so that the next checkout makes those that belong to it; members who joined at the old price keep it,
 * because their subscription at Stripe does.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import type { Publication } from "@/prisma/generated/client";
import { amountForTyping } from "./format";
import { type PublicationInput, publicationInput } from "./schema";

const PRICED = ["priceCents", "yearlyPriceCents", "currency"] as const;
const NO_PRICES = { stripePriceId: null, stripeYearlyPriceId: null };

/**
 * Answers the new version. Throws INVALID with a message per field, or CONFLICT when somebody saved in between: nothing
 * was written then, and `fields` hold the present `version` and, for each setting that this save would change, what is
 * saved now.
 */
export async function updatePublication(
  db: Database,
  input: unknown,
  { version }: { version: number },
): Promise<{ version: number }> {
  const parsed = publicationInput.safeParse(input);
  if (!parsed.success) {
    const fields = Object.fromEntries(
      parsed.error.issues.map((issue) => [String(issue.path[0] ?? ""), issue.message]),
    );
    throw new DomainError("INVALID", "Some settings need another look.", { fields });
  }
  const data = parsed.data;
  return db.$transaction(async (tx) => {
    const current = await tx.publication.findUniqueOrThrow({ where: { id: 1 } });
    const samePrice = PRICED.every((name) => current[name] === data[name]);
    const { count } = await tx.publication.updateMany({
      where: { id: 1, version },
      data: { ...data, version: version + 1, ...(samePrice ? {} : NO_PRICES) },
    });
    if (count === 1) return { version: version + 1 };
    const saved = await tx.publication.findUniqueOrThrow({ where: { id: 1 } });
    const theirs = differences(saved, data);
    if (Object.keys(theirs).length === 0) return { version: saved.version };
    throw new DomainError(
      "CONFLICT",
      "The settings were saved from another tab or device since you opened them here. Nothing was overwritten.",
      { fields: { ...theirs, version: String(saved.version) } },
    );
  });
}

function differences(saved: Publication, wanted: PublicationInput): Record<string, string> {
  const names = (Object.keys(wanted) as (keyof PublicationInput)[]).filter(
    (name) => saved[name] !== wanted[name],
  );
  return Object.fromEntries(names.map((name) => [name, `Saved there: ${inWords(saved, name)}.`]));
}

function inWords(saved: Publication, name: keyof PublicationInput): string {
  const value = saved[name];
  if ((name === "priceCents" || name === "yearlyPriceCents") && typeof value === "number")
    return amountForTyping(value, saved.currency);
  return value === null || value === "" ? "nothing" : `“${value}”`;
}
