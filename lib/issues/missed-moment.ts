/** Whether an issue whose moment has come still goes out by itself. Pure. */
import type { Issue } from "@/prisma/generated/client";

type CatchUp = { catchUpHours: number };

const HOUR_MS = 3_600_000;

/** Moments before this one were missed: nothing ran when they came, and what was to go out then waits for the author. */
export function missedBefore(now: Date, { catchUpHours }: CatchUp): Date {
  return new Date(now.getTime() - catchUpHours * HOUR_MS);
}

/**
 * Why an issue that has a moment waits for the author's decision: its moment was missed, or it was held (a backup was
 * restored, and whether it went out is not known). Null where it goes out by itself.
 */
export function waitsForAuthor(
  issue: Pick<Issue, "scheduledFor" | "sendingPausedAt">,
  now: Date,
  publication: CatchUp,
): "missed" | "held" | null {
  if (issue.scheduledFor === null) return null;
  if (issue.sendingPausedAt !== null) return "held";
  return issue.scheduledFor <= missedBefore(now, publication) ? "missed" : null;
}
