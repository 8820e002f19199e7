import { shortMoment } from "@/app/admin/_desk/moment";
import type { IssueOnDesk } from "@/lib/issues/desk-queries";
import { waitsForAuthor } from "@/lib/issues/missed-moment";
import type { PublicationSettings } from "@/lib/publication/queries";

type Timed = Pick<IssueOnDesk, "state" | "scheduledFor" | "sendingPausedAt" | "publishedAt" | "editedAt">;
type Calendar = Pick<PublicationSettings, "language" | "timeZone" | "catchUpHours">;

/** The moment that matters of an issue on its shelf. Pure. */
export function whenInWords(issue: Timed, publication: Calendar, now: Date): string {
  const short = (moment: Date) => shortMoment(moment, { ...publication, now });
  if (issue.state === "SCHEDULED" && issue.scheduledFor) {
    const why = waitsForAuthor(issue, now, publication);
    if (why === null) return `goes out ${short(issue.scheduledFor)}`;
    return why === "missed"
      ? `missed ${short(issue.scheduledFor)}; waits for you`
      : `was set for ${short(issue.scheduledFor)}; waits for you`;
  }
  if (issue.state === "PUBLISHED" && issue.publishedAt) return short(issue.publishedAt);
  return `edited ${short(issue.editedAt)}`;
}
