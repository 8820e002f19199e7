/**
 * What the two kinds of copies of an issue hold. Whoever is no member gets the whole of an open issue too, and only what
 * was frozen knows: audience, paywall and archive may be others today. Reads only.
 */
import type { Database } from "@/lib/db";
import type { MailVariant } from "@/prisma/generated/enums";

/** The link that a paywall's box ends with (`emails/wall.tsx`), right above the rule below the issue. */
const WALL = "\\n\\n[^\\s]+/join\\?issue=[^\\s]+\\n\\n-{40}\\n";

/** Of these issues, those whose copies for all but members end at the paywall. */
export async function listCutIssues(db: Database, issueIds: string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ issueId: string }[]>`
    SELECT "issueId" FROM "FrozenMail"
    WHERE "issueId" = ANY(${issueIds}::text[]) AND variant = 'TEASER' AND text ~ ${WALL}`;
  return new Set(rows.map(({ issueId }) => issueId));
}

/** What a copy holds, whoever it was made for. */
export function variantHeld<Variant extends MailVariant | null>(
  variant: Variant,
  isCut: boolean,
): Variant | "WHOLE" {
  return variant === "TEASER" && !isCut ? "WHOLE" : variant;
}
