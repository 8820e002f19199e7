import type { ReactNode } from "react";
import type { Block } from "../schema";
import { dateWords, plainParagraphs, postAuthor, previousIssueCard, siteOf, upgradeLabel } from "../wording";
import { row, type WebDrawing } from "./drawing";
import { drawInlines } from "./inline";

type Card<Type extends Block["type"]> = Extract<Block, { type: Type }>;

export function drawPicks({ content }: Card<"picks">, drawing: WebDrawing): ReactNode {
  const items = content.map((entry) => {
    if (entry.type === "paywall") return null;
    const { url, title, author } = entry.attrs;
    return (
      <li>
        <p className="issue-pick-title">
          <a href={url}>{title}</a>
          {author && <span className="issue-pick-author"> by {author}</span>}
        </p>
        {entry.content && entry.content.length > 0 && <p>{drawInlines(entry.content, drawing)}</p>}
      </li>
    );
  });
  return <ul className="issue-picks">{row(items)}</ul>;
}

export function drawPreviousIssue(block: Card<"previousIssue">, drawing: WebDrawing): ReactNode {
  const card = previousIssueCard(block, drawing.context.issue);
  if (!card) return null;
  const { seriesName } = drawing.context.issue.publication;
  return (
    <aside className="issue-card" aria-label="Earlier issue">
      <p className="issue-card-kicker">
        {card.number === null ? seriesName : `${seriesName} ${card.number}`}
      </p>
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
      <blockquote cite={attrs.url}>
        {row(plainParagraphs(attrs.text).map((lines) => <p>{row(withBreaks(lines))}</p>))}
      </blockquote>
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

function withBreaks(lines: readonly string[]): ReactNode[] {
  return lines.flatMap((line, index) => (index === 0 ? [line] : [<br key={`break-${index}`} />, line]));
}
