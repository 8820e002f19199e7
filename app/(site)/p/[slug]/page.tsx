import { notFound } from "next/navigation";
import { connection } from "next/server";
import { IssuePage } from "@/app/(site)/_issue/issue-page";
import { wallFor } from "@/app/(site)/_issue/wall-for";
import { visitorOf } from "@/app/(site)/visitor";
import { getViewer } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { readIssue } from "@/lib/issues/read-issue";

/**
 * The issue for whoever asks: private and never stored. Waits for its data, so it is whole without JavaScript. Has no
 * `generateMetadata`: when that fails at request time, the framework never ends the response.
 */
export const instant = false;

export default async function ReadersIssue({ params }: PageProps<"/p/[slug]">) {
  await connection();
  const [{ slug }, viewer] = await Promise.all([params, getViewer()]);
  const issue = await readIssue(getDatabase(), { slug, viewer, now: new Date() });
  if (!issue) notFound();
  return <IssuePage issue={issue} visitor={visitorOf(viewer)} wallFor={wallFor(viewer)} />;
}
