import type { IssueForReader } from "@/lib/issues/read-issue";

/** Schema.org for search engines, from the free part alone; a wall is declared as Google's paywall rules ask. */
export function StructuredData({ issue }: { issue: IssueForReader }) {
  if (issue.kind === "PAGE") return null;
  return (
    <script
      type="application/ld+json"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON for machines, with every < escaped
      dangerouslySetInnerHTML={{ __html: scriptJson(newsArticle(issue)) }}
    />
  );
}

/** JSON that cannot end the script element that holds it. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}

export function newsArticle(issue: IssueForReader) {
  const { publication } = issue;
  const { publicUrl } = issue.context.issue.publication;
  return {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    headline: issue.title,
    description: issue.subtitle || issue.excerpt,
    url: `${publicUrl}/p/${issue.slug}`,
    mainEntityOfPage: `${publicUrl}/p/${issue.slug}`,
    image: [`${publicUrl}/p/${issue.slug}/card.png`],
    datePublished: issue.publishedAt.toISOString(),
    dateModified: issue.updatedAt.toISOString(),
    inLanguage: publication.language,
    author: { "@type": "Person", name: publication.authorName },
    publisher: { "@type": "Organization", name: publication.name, url: publicUrl },
    isAccessibleForFree: !issue.forMembers,
    ...(issue.forMembers && {
      hasPart: { "@type": "WebPageElement", isAccessibleForFree: false, cssSelector: ".paywall" },
    }),
  };
}
