import { Feed } from "feed";
import { renderWeb } from "@/lib/issues/document/render-web";
import type { FeedForReader } from "@/lib/issues/read-feed";
import type { IssueForReader } from "@/lib/issues/read-issue";
import { pricesInWords } from "@/lib/publication/plans";
import { toHtml } from "./to-html";

/** RSS 2.0 of what `feed` holds; `selfUrl` is the feed's own address. Every link in it is absolute. */
export async function drawFeed(
  feed: FeedForReader,
  options: { publicUrl: string; selfUrl: string },
): Promise<string> {
  const { publication, issues } = feed;
  const { publicUrl, selfUrl } = options;
  const newest = issues[0]?.publishedAt;
  const drawing = new Feed({
    id: `${publicUrl}/`,
    title: publication.name,
    description: publication.description,
    link: `${publicUrl}/`,
    language: publication.language,
    copyright: publication.authorName,
    generator: "Masthead",
    ttl: 60,
    feedLinks: { rss: selfUrl },
    ...(newest && { updated: newest }),
  });
  for (const issue of issues) drawing.addItem(await itemOf(issue, publicUrl));
  return drawing.rss2();
}

async function itemOf(issue: IssueForReader, publicUrl: string) {
  const url = `${publicUrl}/p/${issue.slug}`;
  const description = issue.subtitle || issue.excerpt;
  return {
    title: issue.title,
    id: url,
    link: url,
    date: issue.publishedAt,
    ...(description && { description }),
    content: absolute(await toHtml(<FeedIssue issue={issue} url={url} />), url, publicUrl),
  };
}

/** The issue without what only works on the page: nobody signs up inside a feed reader. */
function FeedIssue({ issue, url }: { issue: IssueForReader; url: string }) {
  const reader = issue.context.reader === "member" ? ("member" as const) : ("subscriber" as const);
  const upgradeHref = `/join?issue=${encodeURIComponent(issue.slug)}`;
  return (
    <>
      {renderWeb(issue.document, { ...issue.context, reader }, { subscribeForm: null, upgradeHref })}
      {issue.wall && (
        <p>
          <a href={url}>The rest of this issue</a> is for members, for {pricesInWords(issue.publication)}.
        </p>
      )}
    </>
  );
}

/** Feed readers know no base address. Text cannot match: React writes its quotation marks as entities. */
export function absolute(html: string, pageUrl: string, publicUrl: string): string {
  return html
    .replace(/ (href|src)="\/(?!\/)/g, (_match, name: string) => ` ${name}="${publicUrl}/`)
    .replace(/ href="#/g, () => ` href="${pageUrl}#`);
}
