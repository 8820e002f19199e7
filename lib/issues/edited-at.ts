/** When an issue was last edited. Pure. */
import { APART_MS } from "./revisions";

/**
 * The row changes without an edit, too: when it is scheduled, paused or withdrawn. A save is never five minutes younger
 * than the last revision, so a change within them counts as the edit, and of a later one the revision's moment is told.
 */
export function editedAt(
  issue: { createdAt: Date; updatedAt: Date },
  lastRevision: { createdAt: Date } | undefined,
): Date {
  if (lastRevision === undefined) return issue.createdAt;
  const sinceRevision = issue.updatedAt.getTime() - lastRevision.createdAt.getTime();
  return sinceRevision >= 0 && sinceRevision < APART_MS ? issue.updatedAt : lastRevision.createdAt;
}
