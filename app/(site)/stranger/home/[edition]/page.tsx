import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { FrontPage } from "@/app/(site)/_front-page/front-page";
import { frontPageMetadata, ISSUES_ON_FRONT_PAGE } from "@/app/(site)/_front-page/front-page-metadata";
import { loadIssueList, loadPublication, loadPublicationFacts, PLACEHOLDER } from "@/app/(site)/public-data";

/**
 * The front page as everybody sees it. Its parameter is always the same and means nothing: it only keeps the page
 * from being drawn at build time, when there is no database yet. `next.config.ts` leads here.
 */
export const ensureStatic = "navigation";

export function generateStaticParams() {
  return [{ edition: PLACEHOLDER }];
}

export async function generateMetadata({ params }: PageProps<"/stranger/home/[edition]">): Promise<Metadata> {
  const { edition } = await params;
  if (edition === PLACEHOLDER) return {};
  const [publication, facts] = await Promise.all([loadPublication(), loadPublicationFacts()]);
  return frontPageMetadata(publication, facts);
}

export default async function StrangersFrontPage({ params }: PageProps<"/stranger/home/[edition]">) {
  const { edition } = await params;
  if (edition === PLACEHOLDER) notFound();
  const [publication, facts, list] = await Promise.all([
    loadPublication(),
    loadPublicationFacts(),
    loadIssueList(1, ISSUES_ON_FRONT_PAGE),
  ]);
  return (
    <FrontPage
      publication={publication}
      facts={facts}
      issues={list.issues}
      visitor="stranger"
      isSubscriber={false}
      isMember={false}
    />
  );
}
