import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { ButtonLink } from "@/app/_components/button";
import { Notice } from "@/app/_components/notice";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { DoneNotice } from "@/app/admin/_desk/done-notice";
import { oneOf } from "@/app/admin/_desk/paging";
import { Undecided } from "@/app/admin/_desk/undecided";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { countAudience } from "@/lib/issues/audience";
import { type DeskIssue, getOnDesk } from "@/lib/issues/desk-queries";
import { waitsForAuthor } from "@/lib/issues/missed-moment";
import { canSchedule } from "@/lib/issues/schedule";
import { formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { IssueFacts } from "./issue-facts";
import { Readiness } from "./readiness";
import { Revisions } from "./revisions";
import { Sending } from "./sending";
import { Steps } from "./steps";

export const instant = false;
export const metadata: Metadata = { title: "Issue" };

const DONE: Readonly<Record<string, string>> = {
  scheduled: "Scheduled. You can take it back until it goes out.",
  "taken-back": "Taken back. It goes to nobody for now.",
  withdrawn: "Withdrawn. Its page is gone, and mail that still waited is paused.",
  restored: "It is back in the archive.",
  published: "The page is published.",
  paused: "Paused. Messages in flight are finished first.",
  resumed: "Sending goes on.",
  resolved: "Your decision is taken.",
  missed: "It goes to those who were missed, too.",
  "test-mailed": "The test mail is on its way to you.",
  "not-restored": "That revision could not be restored: the issue was saved meanwhile. Try again.",
};

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function IssueOnDeskPage({ params, searchParams }: Props) {
  const { id } = await params;
  const author = await requireAuthor(`/admin/issues/${encodeURIComponent(id)}`);
  const db = getDatabase();
  const desk = await findOnDesk(id);
  const now = new Date();
  const [publication, audience, query] = await Promise.all([
    getPublication(db),
    countAudience(db, { now }),
    searchParams,
  ]);
  const { issue } = desk;
  const isUndecided = canSchedule(issue) && waitsForAuthor(issue, now, publication) !== null;
  const isStale = oneOf(query.done) === "scheduled" && !canSchedule(issue);
  const done = isStale ? undefined : DONE[oneOf(query.done)];
  return (
    <DeskPage
      place="issues"
      title={issue.title || "Untitled"}
      actions={
        <>
          <ButtonLink tone="quiet" href={`/admin/issues/${id}/preview`} data-key="p">
            Preview
          </ButtonLink>
          <ButtonLink href={`/admin/issues/${id}/edit`} data-key="e">
            Edit
          </ButtonLink>
        </>
      }
    >
      <div className="grid grid-cols-1 gap-4">
        {done && (
          <DoneNotice tone={oneOf(query.done) === "not-restored" ? "problem" : "success"}>{done}</DoneNotice>
        )}
        {canSchedule(issue) && issue.scheduledFor && !isUndecided && (
          <Notice>
            {issue.state === "PUBLISHED" ? "Is mailed" : "Goes out"}{" "}
            {formatMoment(issue.scheduledFor, publication)}.
          </Notice>
        )}
        {isUndecided && <Undecided issue={issue} publication={publication} now={now} />}
        {!isUndecided && <Sending issue={issue} search={query} />}
        <div className="desk-grid">
          <IssueFacts desk={desk} publication={publication} />
          {canSchedule(issue) && <Readiness issueId={issue.id} findings={desk.findings} />}
          <Steps desk={desk} publication={publication} audience={audience} author={author} />
          <Revisions issueId={issue.id} publication={publication} />
        </div>
      </div>
    </DeskPage>
  );
}

async function findOnDesk(id: string): Promise<DeskIssue> {
  if (!z.uuid().safeParse(id).success) notFound();
  try {
    return await getOnDesk(getDatabase(), id);
  } catch (error) {
    if (error instanceof DomainError && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
