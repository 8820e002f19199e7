import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ArchivePage } from "@/app/(site)/_archive/archive-page";
import { pageNumber } from "@/app/(site)/_archive/page-number";
import { loadIssueList, loadPublication, loadPublicationFacts, PLACEHOLDER } from "@/app/(site)/public-data";

/** The archive as everybody sees it: cookie-blind, drawn once a minute at the most. `next.config.ts` leads here. */
export const ensureStatic = "navigation";

export function generateStaticParams() {
  return [{ page: PLACEHOLDER }];
}

export async function generateMetadata({ params }: PageProps<"/stranger/archive/[page]">): Promise<Metadata> {
  const { page } = await params;
  if (page === PLACEHOLDER) return {};
  const { publicationName, publicUrl } = await loadPublicationFacts();
  const number = pageNumber(page);
  return {
    title: `Archive · ${publicationName}`,
    description: `Every issue of ${publicationName}.`,
    alternates: {
      canonical: number === 1 ? `${publicUrl}/archive` : `${publicUrl}/archive?page=${number}`,
      types: { "application/rss+xml": `${publicUrl}/feed.xml` },
    },
  };
}

export default async function StrangersArchive({ params }: PageProps<"/stranger/archive/[page]">) {
  const { page } = await params;
  if (page === PLACEHOLDER) notFound();
  const [publication, found] = await Promise.all([loadPublication(), loadIssueList(pageNumber(page))]);
  return <ArchivePage publication={publication} visitor="stranger" found={found} />;
}
