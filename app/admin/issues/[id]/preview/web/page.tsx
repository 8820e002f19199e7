import { notFound } from "next/navigation";
import { connection } from "next/server";
import { z } from "zod";
import { IssuePage } from "@/app/(site)/_issue/issue-page";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { previewIssue } from "@/lib/issues/preview";

export const instant = false;

const READER = z.enum(["stranger", "subscriber", "member"]).catch("stranger");

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** What the frame of the preview shows: the issue's page, drawn by the site's own components behind the same gate. */
export default async function WebPreview({ params, searchParams }: Props) {
  await connection();
  const { id } = await params;
  await requireAuthor();
  if (!z.uuid().safeParse(id).success) notFound();
  const as = READER.parse((await searchParams).as);
  const issue = await previewIssue(getDatabase(), { issueId: id, as }, { now: new Date() });
  return (
    <IssuePage
      issue={issue}
      visitor={as === "stranger" ? "stranger" : "reader"}
      wallFor={as === "stranger" ? "stranger" : "subscriber"}
    />
  );
}
