import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { ButtonLink } from "@/app/_components/button";
import { Notice } from "@/app/_components/notice";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { listNameable, openForEditing } from "@/lib/issues/open-for-editing";
import { formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { Manuscript } from "./manuscript";

export const instant = false;
export const metadata: Metadata = { title: "Write" };

type Props = { params: Promise<{ id: string }> };

export default async function EditPage({ params }: Props) {
  const { id } = await params;
  await requireAuthor(`/admin/issues/${encodeURIComponent(id)}/edit`);
  if (!z.uuid().safeParse(id).success) notFound();
  const db = getDatabase();
  const [issue, nameable, publication] = await Promise.all([
    openForEditing(db, id),
    listNameable(db),
    getPublication(db),
  ]);
  if (!issue) notFound();
  return (
    <DeskPage
      place="issues"
      title="Write"
      actions={
        <>
          <ButtonLink tone="quiet" href={`/admin/issues/${id}/edit/revisions`}>
            Revisions
          </ButtonLink>
          <ButtonLink tone="quiet" href={`/admin/issues/${id}/preview`}>
            Preview
          </ButtonLink>
          <ButtonLink tone="quiet" href={`/admin/issues/${id}`}>
            Schedule and send
          </ButtonLink>
        </>
      }
    >
      <div className="grid gap-4">
        {issue.state === "PUBLISHED" && (
          <Notice>
            This issue is published. Changes show on the web; mail that was sent stays as it was.
          </Notice>
        )}
        {issue.state === "SCHEDULED" && issue.scheduledFor && (
          <Notice>
            It goes out {formatMoment(issue.scheduledFor, publication)}. You can still change it.
          </Notice>
        )}
        <noscript>
          <Notice tone="problem">Writing needs JavaScript. Turn it on in your browser and reload.</Notice>
        </noscript>
        <Manuscript manuscript={issue.manuscript} nameable={nameable} />
      </div>
    </DeskPage>
  );
}
