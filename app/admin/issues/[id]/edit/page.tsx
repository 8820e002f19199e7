import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { ButtonLink } from "@/app/_components/button";
import { Notice } from "@/app/_components/notice";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { oneOf } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getForEditing } from "@/lib/issues/desk-queries";
import { formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { Manuscript } from "./manuscript";

export const instant = false;
export const metadata: Metadata = { title: "Write" };

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function EditPage({ params, searchParams }: Props) {
  const { id } = await params;
  await requireAuthor(`/admin/issues/${encodeURIComponent(id)}/edit`);
  if (!z.uuid().safeParse(id).success) notFound();
  const db = getDatabase();
  const [issue, publication, query] = await Promise.all([
    getForEditing(db, id),
    getPublication(db),
    searchParams,
  ]);
  if (!issue) notFound();
  return (
    <DeskPage
      place="issues"
      title="Write"
      actions={
        <>
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
        {oneOf(query.saved) !== "" && <Notice tone="success">Saved.</Notice>}
        {oneOf(query.conflict) !== "" && (
          <Notice tone="problem">
            It was saved elsewhere meanwhile, so nothing was overwritten. This is the newer text.
          </Notice>
        )}
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
        <Manuscript draft={issue.draft} />
      </div>
    </DeskPage>
  );
}
