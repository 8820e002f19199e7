import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { issueMetadata } from "@/app/(site)/_issue/issue-metadata";
import { IssuePage } from "@/app/(site)/_issue/issue-page";
import { loadStrangersIssue, PLACEHOLDER } from "@/app/(site)/public-data";

/** The issue as a stranger reads it: cookie-blind, drawn once, then served as it is. `next.config.ts` leads here. */
export const ensureStatic = "navigation";

export function generateStaticParams() {
  return [{ slug: PLACEHOLDER }];
}

export async function generateMetadata({ params }: PageProps<"/stranger/p/[slug]">): Promise<Metadata> {
  const { slug } = await params;
  const issue = slug === PLACEHOLDER ? null : await loadStrangersIssue(slug);
  return issue ? issueMetadata(issue) : { title: "Not found" };
}

export default async function StrangersIssue({ params }: PageProps<"/stranger/p/[slug]">) {
  const { slug } = await params;
  if (slug === PLACEHOLDER) notFound();
  const issue = await loadStrangersIssue(slug);
  if (!issue) notFound();
  return <IssuePage issue={issue} visitor="stranger" wallFor="stranger" />;
}
