import type { ReactNode } from "react";
import { brokenLines, row } from "@/lib/issues/document/elements";
import type { Block, Pick } from "@/lib/issues/document/schema";
import {
  dateWords,
  plainParagraphs,
  postAuthor,
  previousIssueCard,
  siteOf,
  upgradeLabel,
} from "@/lib/issues/document/wording";
import type { WebDrawing } from "./drawing";
import { drawInlines } from "./inline";

type Card<Type extends Block["type"]> = Extract<Block, { type: Type }>;

export function drawPicks({ content }: Card<"picks">, drawing: WebDrawing): ReactNode {
  const items = content.map((entry) => (entry.type === "paywall" ? null : drawPick(entry, drawing)));
  return <ul className="issue-picks">{row(items)}</ul>;
}

function drawPick({ attrs, content }: Pick, drawing: WebDrawing): ReactNode {
  return (
    <li>
      <p className="issue-pick-title">
        <a href={attrs.url}>{attrs.title}</a>
        {attrs.author && <span className="issue-pick-author"> by {attrs.author}</span>}
      </p>
      {content && content.length > 0 && <p>{drawInlines(content, drawing)}</p>}
    </li>
  );
}

export function drawPreviousIssue(block: Card<"previousIssue">, drawing: WebDrawing): ReactNode {
  const card = previousIssueCard(block, drawing.context.issue);
  if (!card) return null;
  return (
    <aside className="issue-card" aria-label="Earlier issue">
      <p className="issue-card-kicker">{card.kicker}</p>
      <p className="issue-card-title">
        <a href={`/p/${card.slug}`}>{card.title}</a>
      </p>
      {card.excerpt && <p className="issue-card-text">{card.excerpt}</p>}
    </aside>
  );
}

export function drawLinkCard({ attrs }: Card<"linkCard">): ReactNode {
  const source = [attrs.siteName ?? siteOf(attrs.url), attrs.author].filter(Boolean).join(" · ");
  return (
    <aside className="issue-card" aria-label="Link">
      <p className="issue-card-kicker">{source}</p>
      <p className="issue-card-title">
        <a href={attrs.url}>{attrs.title}</a>
      </p>
      {attrs.description && <p className="issue-card-text">{attrs.description}</p>}
    </aside>
  );
}

export function drawVideoCard({ attrs }: Card<"videoCard">): ReactNode {
  const source = [attrs.channel ?? siteOf(attrs.url), attrs.duration].filter(Boolean).join(" · ");
  return (
    <aside className="issue-card issue-card-video" aria-label="Video">
      <p className="issue-card-kicker">{source}</p>
      <p className="issue-card-title">
        <a href={attrs.url}>{attrs.title ?? `Watch on ${siteOf(attrs.url)}`}</a>
      </p>
    </aside>
  );
}

export function drawSocialPost({ attrs }: Card<"socialPost">, drawing: WebDrawing): ReactNode {
  const { language } = drawing.context.issue.publication;
  const source = (
    <cite>
      <a href={attrs.url}>{postAuthor(attrs)}</a>
    </cite>
  );
  return (
    <figure className="issue-post">
      <blockquote cite={attrs.url}>{row(plainParagraphs(attrs.text).map(drawPlainParagraph))}</blockquote>
      <figcaption>
        {source}
        {attrs.date && (
          <>
            , <time dateTime={attrs.date}>{dateWords(attrs.date, language)}</time>
          </>
        )}
      </figcaption>
    </figure>
  );
}

export function drawSubscribeBox({ attrs }: Card<"subscribeBox">, drawing: WebDrawing): ReactNode {
  if (drawing.context.reader !== "stranger") return null;
  return (
    <aside className="issue-subscribe" aria-label="Subscribe">
      {attrs.caption && <p>{attrs.caption}</p>}
      {drawing.parts.subscribeForm}
    </aside>
  );
}

export function drawUpgradeButton({ attrs }: Card<"upgradeButton">, drawing: WebDrawing): ReactNode {
  if (drawing.context.reader === "member") return null;
  return (
    <p className="issue-upgrade">
      <a href={drawing.parts.upgradeHref}>{upgradeLabel(attrs.label, drawing.context)}</a>
    </p>
  );
}

function drawPlainParagraph(lines: readonly string[]): ReactNode {
  return <p>{brokenLines(lines)}</p>;
}
