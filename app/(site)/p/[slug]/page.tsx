import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { connection } from "next/server";
import { issueMetadata } from "@/app/(site)/_issue/issue-metadata";
import { IssuePage } from "@/app/(site)/_issue/issue-page";
import { wallFor } from "@/app/(site)/_issue/wall-for";
import { orNothing } from "@/app/(site)/or-nothing";
import { loadStrangersIssue } from "@/app/(site)/public-data";
import { visitorOf } from "@/app/(site)/visitor";
import { getViewer } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { readIssue } from "@/lib/issues/read-issue";

/** The issue for whoever asks: private and never stored. Waits for its data, so it is whole without JavaScript. */
export const instant = false;

export async function generateMetadata({ params }: PageProps<"/p/[slug]">): Promise<Metadata> {
  await connection();
  const issue = await orNothing(loadStrangersIssue((await params).slug));
  return issue ? issueMetadata(issue) : { title: "Not found" };
}

export default async function ReadersIssue({ params }: PageProps<"/p/[slug]">) {
  await connection();
  const [{ slug }, viewer] = await Promise.all([params, getViewer()]);
  const issue = await readIssue(getDatabase(), { slug, viewer, now: new Date() });
  if (!issue) notFound();
  return <IssuePage issue={issue} visitor={visitorOf(viewer)} wallFor={wallFor(viewer)} />;
}
