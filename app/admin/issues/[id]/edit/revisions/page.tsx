import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { ButtonLink } from "@/app/_components/button";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { openForEditing } from "@/lib/issues/open-for-editing";
import { listRevisions } from "@/lib/issues/revisions";
import { formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";

export const instant = false;
export const metadata: Metadata = { title: "Revisions" };

/** Earlier states of an issue, newest first. */
export default async function RevisionsPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await requireAuthor(`/admin/issues/${encodeURIComponent(id)}/edit/revisions`);
  if (!z.uuid().safeParse(id).success) notFound();
  const db = getDatabase();
  const [issue, revisions, publication] = await Promise.all([
    openForEditing(db, id),
    listRevisions(db, id),
    getPublication(db),
  ]);
  if (!issue) notFound();
  return (
    <DeskPage
      place="issues"
      title={`Revisions: ${issue.manuscript.title || "Untitled"}`}
      actions={<ButtonLink href={`/admin/issues/${id}/edit`}>Write</ButtonLink>}
    >
      {revisions.length === 0 ? (
        <p className="desk-empty">
          No revision yet. One is kept every few minutes while you write, and whenever you write over
          something newer.
        </p>
      ) : (
        <ul className="grid gap-1">
          {revisions.map((revision) => (
            <li key={revision.id}>
              <a className="inline-block py-1.5" href={`/admin/issues/${id}/edit/revisions/${revision.id}`}>
                {formatMoment(revision.createdAt, publication)}
              </a>{" "}
              <span className="desk-soft">
                {revision.title || "Untitled"} · {revision.words.toLocaleString("en")} words
              </span>
            </li>
          ))}
        </ul>
      )}
    </DeskPage>
  );
}
