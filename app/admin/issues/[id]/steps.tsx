import {
  deleteDraftAction,
  publishPageAction,
  restoreAction,
  takeBackAction,
  withdrawAction,
} from "@/app/admin/issues/actions";
import { IssueActionForm, ScheduleForm, TestMailForm } from "@/app/admin/issues/issue-forms";
import { getDatabase } from "@/lib/db";
import type { Audience } from "@/lib/issues/audience";
import type { DeskIssue } from "@/lib/issues/desk-queries";
import { nextFreeSlot } from "@/lib/issues/free-slot";
import { localFieldValue } from "@/lib/issues/local-moment";
import { canSchedule } from "@/lib/issues/schedule";
import { formatMoment } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";

/** What can be done with this issue in its present state. */
export async function Steps({
  desk,
  publication,
  audience,
  author,
  isUndecided,
}: {
  desk: DeskIssue;
  publication: PublicationSettings;
  audience: Audience;
  author: { email: string };
  /** Its moment was missed, or it is held: the other ways on stand above already. */
  isUndecided: boolean;
}) {
  const { issue } = desk;
  const slot = await nextFreeSlot(
    getDatabase(),
    { issueId: issue.id, slot: publication },
    { now: new Date() },
  );
  const set = isUndecided ? null : issue.scheduledFor;
  return (
    <>
      <section className="desk-panel" aria-labelledby="steps-title">
        <h2 id="steps-title">{isUndecided ? "Or at another moment" : stepsTitle(issue)}</h2>
        <div className="grid gap-4">
          {canSchedule(issue) && (
            <ScheduleForm
              key={set?.getTime()}
              issueId={issue.id}
              nextSlot={formatMoment(slot, publication)}
              timeZone={publication.timeZone}
              at={localFieldValue(set ?? slot, publication.timeZone)}
              isSet={set !== null}
              onlyMoment={isUndecided}
              audience={audience.confirmed}
            />
          )}
          {!isUndecided && <OtherSteps desk={desk} />}
        </div>
      </section>
      {issue.kind === "ISSUE" && (
        <section className="desk-panel" aria-labelledby="test-title">
          <h2 id="test-title">Test mail</h2>
          <TestMailForm issueId={issue.id} email={author.email} forMembers={issue.audience === "MEMBERS"} />
        </section>
      )}
    </>
  );
}

function stepsTitle(issue: DeskIssue["issue"]): string {
  if (canSchedule(issue) && issue.scheduledFor !== null) return "Change the moment";
  return issue.state === "PUBLISHED" && canSchedule(issue)
    ? "Mail it: until now it is only in the archive"
    : "Next step";
}

function OtherSteps({ desk: { issue } }: { desk: DeskIssue }) {
  const withdrawn = issue.state === "DRAFT" && issue.withdrawnAt !== null;
  return (
    <>
      {canSchedule(issue) && issue.scheduledFor !== null && (
        <IssueActionForm action={takeBackAction} issueId={issue.id} label="Take it back" />
      )}
      {issue.kind === "PAGE" && issue.state === "DRAFT" && !withdrawn && (
        <IssueActionForm
          action={publishPageAction}
          issueId={issue.id}
          label="Publish the page"
          tone="primary"
        />
      )}
      {withdrawn && (
        <IssueActionForm
          action={restoreAction}
          issueId={issue.id}
          label="Put it back into the archive"
          tone="primary"
        />
      )}
      {issue.state === "PUBLISHED" && (
        <IssueActionForm
          action={withdrawAction}
          issueId={issue.id}
          label="Withdraw it"
          tone="danger"
          confirm={{
            question:
              "Its page disappears for everybody, and mail still waiting is paused. You can put it back.",
            yes: "Withdraw it now",
          }}
        />
      )}
      {issue.state === "DRAFT" && issue.audienceFrozenAt === null && !withdrawn && (
        <IssueActionForm
          action={deleteDraftAction}
          issueId={issue.id}
          label="Delete the draft"
          tone="danger"
          confirm={{ question: "The draft and its revisions are gone for good.", yes: "Delete it for good" }}
        />
      )}
    </>
  );
}
