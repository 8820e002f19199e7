/** The words and addresses that all renderers share, so that web, mail and text say the same. */
import type { IssueFacts, PublicationFacts, RenderContext } from "./facts";
import type { Block, VariableName } from "./schema";

/** A variable's words, such as `$3/mo`, `7 days`, `6300+`; `many` while the count is not shown. */
export function variableWords(name: VariableName, publication: PublicationFacts): string {
  switch (name) {
    case "price":
      return publication.price;
    case "trialLength":
      return `${publication.trialDays} ${publication.trialDays === 1 ? "day" : "days"}`;
    case "subscriberCount":
      return publication.subscriberCount ?? "many";
    case "publicationName":
      return publication.publicationName;
  }
}

/** What the upgrade button says: the author's label, else the trial, else the price for who had a trial. */
export function upgradeLabel(label: string | null, context: RenderContext): string {
  const { trialDays, price } = context.issue.publication;
  if (label) return label;
  if (context.trialAvailable && trialDays > 0) return `Start a ${trialDays}-day free trial`;
  return `Become a member for ${price}`;
}

/** Where a link leads for somebody who is not on the site: paths and anchors become absolute. */
export function absoluteUrl(href: string, issue: IssueFacts): string {
  if (href.startsWith("#")) return `${issueUrl(issue.slug, issue.publication)}${href}`;
  return href.startsWith("/") ? `${issue.publication.publicUrl}${href}` : href;
}

export function issueUrl(slug: string, publication: PublicationFacts): string {
  return `${publication.publicUrl}/p/${slug}`;
}

/** The page where somebody who reads this issue becomes a member. */
export function joinUrl(issue: IssueFacts): string {
  return `${issue.publication.publicUrl}/join?issue=${encodeURIComponent(issue.slug)}`;
}

/** `kicker` is what the issue is called within its series, such as `Field Notes 11`. */
export type PreviousIssueCard = { kicker: string; title: string; excerpt: string; slug: string };

/**
 * The card of an earlier issue with the author's own title and excerpt over it; null when there is no such issue.
 * A title that begins with the series and number does not say them twice.
 */
export function previousIssueCard(
  block: Extract<Block, { type: "previousIssue" }>,
  issue: IssueFacts,
): PreviousIssueCard | null {
  const card = issue.cards.get(block.attrs.number ?? "previous");
  if (!card) return null;
  const { seriesName } = issue.publication;
  const kicker = card.number === null ? seriesName : `${seriesName} ${card.number}`;
  const title = block.attrs.title ?? card.title;
  const rest = title.startsWith(kicker) ? title.slice(kicker.length).replace(/^\s*[:|–—-]\s*/, "") : title;
  const apart = rest !== "" && !/^\d/.test(rest);
  return {
    kicker,
    title: apart ? rest : title,
    excerpt: block.attrs.excerpt ?? card.excerpt,
    slug: card.slug,
  };
}

/** A host as a reader says it, without `www.`. */
export function siteOf(url: string): string {
  return new URL(url).hostname.replace(/^www\./, "");
}

/** An ISO date in words of the publication's language; what is no date stays as it is. */
export function dateWords(date: string, language: string): string {
  const time = Date.parse(date);
  if (Number.isNaN(time)) return date;
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(time);
}

/** The post's author line, such as `Ines Okafor (@ines)`. */
export function postAuthor(attrs: { authorName: string; handle: string | null }): string {
  if (!attrs.handle) return attrs.authorName;
  return `${attrs.authorName} (${attrs.handle.startsWith("@") ? attrs.handle : `@${attrs.handle}`})`;
}

/** Paragraphs and lines of plain text that came without marks. */
export function plainParagraphs(text: string): string[][] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.split("\n"));
}
