import type { Metadata } from "next";
import type { IssueForReader } from "@/lib/issues/read-issue";

/** Description and pictures for search and sharing; the title stands in the page itself. Give it a stranger's issue: it says only what is free. */
export function issueMetadata(issue: IssueForReader): Metadata {
  const { publication } = issue;
  const { publicUrl } = issue.context.issue.publication;
  const url = `${publicUrl}/p/${issue.slug}`;
  const description = issue.subtitle || issue.excerpt || publication.description;
  const card = {
    url: `${url}/card.png`,
    width: 1200,
    height: 630,
    alt: `${issue.title}, ${publication.name}`,
  };
  return {
    description,
    authors: [{ name: publication.authorName }],
    alternates: { canonical: url, types: { "application/rss+xml": `${publicUrl}/feed.xml` } },
    openGraph: {
      type: "article",
      url,
      title: issue.title,
      description,
      siteName: publication.name,
      locale: publication.language.replace("-", "_"),
      publishedTime: issue.publishedAt.toISOString(),
      modifiedTime: issue.updatedAt.toISOString(),
      authors: [publication.authorName],
      images: [card],
    },
    twitter: { card: "summary_large_image", title: issue.title, description, images: [card] },
  };
}
