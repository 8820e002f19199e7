import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { z } from "zod";
import { ButtonLink } from "@/app/_components/button";
import { Notice } from "@/app/_components/notice";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { DoneNotice } from "@/app/admin/_desk/done-notice";
import { titleForAuthors } from "@/app/admin/_desk/page-title";
import { oneOf } from "@/app/admin/_desk/paging";
import { Undecided } from "@/app/admin/_desk/undecided";
import { requireAuthor } from "@/lib/auth/viewer";
import { databaseNow, getDatabase } from "@/lib/db";
import { getSendingProgress } from "@/lib/deliveries/queries";
import { DomainError } from "@/lib/errors";
import { countAudience } from "@/lib/issues/audience";
import { type DeskIssue, getOnDesk } from "@/lib/issues/desk-queries";
import { waitsForAuthor } from "@/lib/issues/missed-moment";
import { canSchedule } from "@/lib/issues/schedule";
import { formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { doneAnswer } from "./done-answer";
import { IssueFacts } from "./issue-facts";
import { Readiness } from "./readiness";
import { Revisions } from "./revisions";
import { Sending } from "./sending";
import { Steps } from "./steps";

export const instant = false;
type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Pick<Props, "params">): Promise<Metadata> {
  return titleForAuthors("Issue", async () => (await findOnDesk((await params).id))?.issue.title);
}

export default async function IssueOnDeskPage({ params, searchParams }: Props) {
  const { id } = await params;
  const author = await requireAuthor(`/admin/issues/${encodeURIComponent(id)}`);
  const db = getDatabase();
  const query = await searchParams;
  const done = oneOf(query.done);
  const desk = await findOnDesk(id);
  // Whoever pressed a button of a page that was out of date is led to where the others are.
  if (!desk) return done === "" ? notFound() : redirect("/admin/issues?done=gone");
  const { issue } = desk;
  const now = new Date();
  const [publication, audience, answer] = await Promise.all([
    getPublication(db),
    countAudience(db, { now }),
    done === "" ? null : answerOf(done, issue),
  ]);
  const isUndecided = canSchedule(issue) && waitsForAuthor(issue, now, publication) !== null;
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
        {answer && (
          <DoneNotice key={done} tone={answer.tone}>
            {answer.words}
          </DoneNotice>
        )}
        {canSchedule(issue) && issue.scheduledFor && !isUndecided && (
          <Notice>
            {issue.state === "PUBLISHED" ? "Is mailed" : "Goes out"}{" "}
            {formatMoment(issue.scheduledFor, publication)}.
          </Notice>
        )}
        {isUndecided && <Undecided issue={issue} publication={publication} now={now} isOnItsPage />}
        {!isUndecided && <Sending issue={issue} search={query} />}
        <div className="desk-grid">
          <IssueFacts desk={desk} publication={publication} />
          {canSchedule(issue) && <Readiness issueId={issue.id} findings={desk.findings} />}
          <Steps
            desk={desk}
            publication={publication}
            audience={audience}
            author={author}
            isUndecided={isUndecided}
          />
          <Revisions issueId={issue.id} publication={publication} />
        </div>
      </div>
    </DeskPage>
  );
}

/** Once a request: its title is asked for, too. */
const findOnDesk = cache(async (id: string): Promise<DeskIssue | null> => {
  if (!z.uuid().safeParse(id).success) return null;
  try {
    return await getOnDesk(getDatabase(), id);
  } catch (error) {
    if (error instanceof DomainError && error.code === "NOT_FOUND") return null;
    throw error;
  }
});

async function answerOf(done: string, issue: DeskIssue["issue"]) {
  const db = getDatabase();
  const progress = await getSendingProgress(db, issue.id, { now: await databaseNow(db) });
  return doneAnswer(done, { issue, progress });
}
