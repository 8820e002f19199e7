import { Notice } from "@/app/_components/notice";
import { scheduleAction, takeBackAction } from "@/app/admin/issues/actions";
import { IssueActionForm } from "@/app/admin/issues/issue-forms";
import { getDatabase } from "@/lib/db";
import type { UndecidedIssue } from "@/lib/issues/desk-queries";
import { nextFreeSlot } from "@/lib/issues/free-slot";
import { waitsForAuthor } from "@/lib/issues/missed-moment";
import { formatMoment } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";

/** An issue that did not go out at its moment, and the three ways on. Nothing where it goes out by itself. */
export async function Undecided({
  issue,
  publication,
  now,
  isOnItsPage = false,
}: {
  issue: UndecidedIssue;
  publication: PublicationSettings;
  now: Date;
  isOnItsPage?: boolean;
}) {
  const why = waitsForAuthor(issue, now, publication);
  if (why === null || issue.scheduledFor === null) return null;
  const { id: issueId } = issue;
  const title = issue.title || "Untitled";
  const slot = await nextFreeSlot(getDatabase(), { issueId, slot: publication }, { now });
  const due = formatMoment(issue.scheduledFor, publication);
  return (
    <Notice tone="problem" title={`“${title}” waits for you`}>
      <p>
        {why === "missed"
          ? `It was to go out on ${due}, and nothing ran then. It was not sent, and is not sent by itself any more.`
          : `It was scheduled for ${due}, and then a backup was restored, or this installation moved. It may have gone out before: look at what your readers got, then decide.`}{" "}
        {!isOnItsPage && <a href={`/admin/issues/${issueId}`}>Look at the issue</a>}
      </p>
      <div className="mt-3 flex flex-wrap items-start gap-2">
        <IssueActionForm
          action={scheduleAction}
          issueId={issueId}
          label="Send it now"
          with={{ when: "now" }}
          confirm={{ question: "It goes to every confirmed subscriber at once.", yes: `Send “${title}” now` }}
        />
        <IssueActionForm
          action={scheduleAction}
          issueId={issueId}
          label={`At the next slot, ${formatMoment(slot, publication)}`}
          with={{ when: "next-slot" }}
        />
        <IssueActionForm
          action={takeBackAction}
          issueId={issueId}
          label={
            issue.state === "PUBLISHED"
              ? "Not at all: leave it in the archive"
              : "Not at all: make it a draft"
          }
        />
      </div>
    </Notice>
  );
}
