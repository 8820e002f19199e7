import type { Block } from "@/lib/issues/document/schema";
import {
  absoluteUrl,
  dateWords,
  issueUrl,
  joinUrl,
  plainParagraphs,
  postAuthor,
  previousIssueCard,
  siteOf,
  upgradeLabel,
} from "@/lib/issues/document/wording";
import type { TextDrawing } from "./drawing";
import { writeInlines } from "./inline";
import { hang, prefixed, wrap } from "./wrap";

type Card<Type extends Block["type"]> = Extract<Block, { type: Type }>;

export function writePicks({ content }: Card<"picks">, drawing: TextDrawing): string {
  const entries = content.flatMap((entry) => {
    if (entry.type === "paywall") return [];
    const { url, title, author } = entry.attrs;
    const summary = writeInlines(entry.content, drawing);
    const lines = [wrap(author ? `${title} by ${author}` : title, drawing.width - 2), url];
    if (summary) lines.push(wrap(summary, drawing.width - 2));
    return [hang("- ", lines.join("\n"))];
  });
  return entries.join("\n\n");
}

export function writePreviousIssue(block: Card<"previousIssue">, drawing: TextDrawing): string {
  const { issue } = drawing.context;
  const card = previousIssueCard(block, issue);
  if (!card) return "";
  return writeCard(
    drawing,
    `${card.kicker}: ${card.title}`,
    issueUrl(card.slug, issue.publication),
    card.excerpt,
  );
}

export function writeLinkCard({ attrs }: Card<"linkCard">, drawing: TextDrawing): string {
  const source = [attrs.siteName ?? siteOf(attrs.url), attrs.author].filter(Boolean).join(", ");
  return writeCard(drawing, `${attrs.title} (${source})`, attrs.url, attrs.description);
}

export function writeVideoCard({ attrs }: Card<"videoCard">, drawing: TextDrawing): string {
  const source = [attrs.channel ?? siteOf(attrs.url), attrs.duration].filter(Boolean).join(", ");
  return writeCard(drawing, `Video: ${attrs.title ? `${attrs.title} (${source})` : source}`, attrs.url, null);
}

export function writeSocialPost({ attrs }: Card<"socialPost">, drawing: TextDrawing): string {
  const { language } = drawing.context.issue.publication;
  const text = plainParagraphs(attrs.text)
    .map((lines) => wrap(lines.join("\n"), drawing.width - 2))
    .join("\n\n");
  const source = [postAuthor(attrs), attrs.date && dateWords(attrs.date, language)]
    .filter(Boolean)
    .join(", ");
  return prefixed("> ", `${text}\n\n${wrap(`-- ${source}`, drawing.width - 2)}\n${attrs.url}`);
}

export function writeSubscribeBox({ attrs }: Card<"subscribeBox">, drawing: TextDrawing): string {
  if (drawing.context.reader !== "stranger") return "";
  const { issue } = drawing.context;
  const line = `Subscribe: ${absoluteUrl("/subscribe", issue)}`;
  return attrs.caption ? `${wrap(attrs.caption, drawing.width)}\n${line}` : line;
}

export function writeUpgradeButton({ attrs }: Card<"upgradeButton">, drawing: TextDrawing): string {
  if (drawing.context.reader === "member") return "";
  return `${wrap(`${upgradeLabel(attrs.label, drawing.context)}:`, drawing.width)}\n${joinUrl(drawing.context.issue)}`;
}

function writeCard(drawing: TextDrawing, title: string, url: string, text: string | null): string {
  const lines = [wrap(title, drawing.width - 2), url];
  if (text) lines.push(wrap(text.replace(/\s+/g, " "), drawing.width - 2));
  return prefixed("| ", lines.join("\n"));
}
