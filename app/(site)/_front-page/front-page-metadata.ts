import type { Metadata } from "next";
import type { PublicationFacts } from "@/lib/publication/facts";
import type { PublicationSettings } from "@/lib/publication/queries";

export const ISSUES_ON_FRONT_PAGE = 7;

export function frontPageMetadata(publication: PublicationSettings, facts: PublicationFacts): Metadata {
  const { publicUrl } = facts;
  const { name, tagline, description, authorName, language } = publication;
  return {
    description,
    authors: [{ name: authorName }],
    alternates: { canonical: `${publicUrl}/`, types: { "application/rss+xml": `${publicUrl}/feed.xml` } },
    openGraph: {
      type: "website",
      url: `${publicUrl}/`,
      title: name,
      description: tagline,
      siteName: name,
      locale: language.replace("-", "_"),
    },
    twitter: { card: "summary", title: name, description: tagline },
  };
}
