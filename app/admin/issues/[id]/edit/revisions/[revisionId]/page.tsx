import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { Button, ButtonLink } from "@/app/_components/button";
import "@/app/_components/issue-body.css";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { restoreRevisionAction } from "@/app/admin/issues/actions";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { renderWeb } from "@/lib/issues/document/render-web";
import { previewIssue } from "@/lib/issues/preview";
import type { IssueForReader } from "@/lib/issues/read-issue";
import { formatMoment } from "@/lib/publication/format";

export const instant = false;
export const metadata: Metadata = { title: "Revision" };

type Props = { params: Promise<{ id: string; revisionId: string }> };

/** An earlier state as a member would read it, and the way back to it. */
export default async function RevisionPage({ params }: Props) {
  const { id, revisionId } = await params;
  const list = `/admin/issues/${encodeURIComponent(id)}/edit/revisions`;
  await requireAuthor(`${list}/${encodeURIComponent(revisionId)}`);
  const revision = await findRevision(id, revisionId);
  return (
    <DeskPage
      place="issues"
      title={`As of ${formatMoment(revision.updatedAt, revision.publication)}`}
      actions={
        <>
          <ButtonLink tone="quiet" href={list}>
            All revisions
          </ButtonLink>
          <form action={restoreRevisionAction}>
            <input type="hidden" name="issueId" value={id} />
            <input type="hidden" name="revisionId" value={revisionId} />
            <Button>Bring back</Button>
          </form>
        </>
      }
    >
      <p className="desk-soft mb-6">Bringing it back keeps the present text as a revision.</p>
      <article className="mx-auto max-w-[39.375rem]">
        <h2 className="font-serif text-3xl font-semibold">{revision.title || "Untitled"}</h2>
        {revision.subtitle && <p className="desk-soft mb-6 font-serif text-xl">{revision.subtitle}</p>}
        {renderWeb(revision.document, revision.context, { subscribeForm: null, upgradeHref: "/join" })}
      </article>
    </DeskPage>
  );
}

async function findRevision(issueId: string, revisionId: string): Promise<IssueForReader> {
  if (![issueId, revisionId].every((id) => z.uuid().safeParse(id).success)) notFound();
  try {
    return await previewIssue(getDatabase(), { issueId, as: "member", revisionId }, { now: new Date() });
  } catch (error) {
    if (error instanceof DomainError && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
