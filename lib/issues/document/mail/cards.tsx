import type { CSSProperties, ReactNode } from "react";
import { brokenLines, row } from "@/lib/issues/document/elements";
import type { Block, Pick } from "@/lib/issues/document/schema";
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
import { below, type MailDrawing } from "./drawing";
import { drawInlines, drawLink } from "./inline";
import { LINE, SANS, SMALL, SURFACE } from "./style";

type Card<Type extends Block["type"]> = Extract<Block, { type: Type }>;

export function drawPicks({ content }: Card<"picks">, drawing: MailDrawing): ReactNode {
  const items = content.map((entry) => (entry.type === "paywall" ? null : drawPick(entry, drawing)));
  return <ul style={{ ...below(drawing), padding: "0 0 0 24px" }}>{row(items)}</ul>;
}

function drawPick({ attrs, content }: Pick, drawing: MailDrawing): ReactNode {
  return (
    <li style={{ margin: "0 0 14px" }}>
      <strong>{drawLink(attrs.url, attrs.title)}</strong>
      {attrs.author && ` by ${attrs.author}`}
      {content && content.length > 0 && brokenLines([null, drawInlines(content, drawing)])}
    </li>
  );
}

export function drawPreviousIssue(block: Card<"previousIssue">, drawing: MailDrawing): ReactNode {
  const { issue } = drawing.context;
  const card = previousIssueCard(block, issue);
  if (!card) return null;
  return drawCard(drawing, {
    kicker: card.kicker,
    title: drawLink(issueUrl(card.slug, issue.publication), card.title),
    text: card.excerpt,
  });
}

export function drawLinkCard({ attrs }: Card<"linkCard">, drawing: MailDrawing): ReactNode {
  return drawCard(drawing, {
    kicker: [attrs.siteName ?? siteOf(attrs.url), attrs.author].filter(Boolean).join(" · "),
    title: drawLink(attrs.url, attrs.title),
    text: attrs.description,
  });
}

export function drawVideoCard({ attrs }: Card<"videoCard">, drawing: MailDrawing): ReactNode {
  return drawCard(drawing, {
    kicker: [attrs.channel ?? siteOf(attrs.url), attrs.duration].filter(Boolean).join(" · "),
    title: drawLink(attrs.url, `▶ ${attrs.title ?? `Watch on ${siteOf(attrs.url)}`}`),
    text: null,
  });
}

export function drawSocialPost({ attrs }: Card<"socialPost">, drawing: MailDrawing): ReactNode {
  const { language } = drawing.context.issue.publication;
  return drawPanel(
    drawing,
    <>
      {row(plainParagraphs(attrs.text).map(drawPlainParagraph))}
      <p className="m-soft" style={{ ...SMALL, margin: "0" }}>
        {drawLink(attrs.url, postAuthor(attrs))}
        {attrs.date && `, ${dateWords(attrs.date, language)}`}
      </p>
    </>,
  );
}

function drawPlainParagraph(lines: readonly string[]): ReactNode {
  return <p style={{ margin: "0 0 10px" }}>{brokenLines(lines)}</p>;
}

/** Everybody who gets mail is subscribed already, except those to whom it was passed on. */
export function drawSubscribeBox(_block: Card<"subscribeBox">, drawing: MailDrawing): ReactNode {
  if (drawing.drawnOnce.has("subscribe")) return null;
  drawing.drawnOnce.add("subscribe");
  const { issue } = drawing.context;
  const { publicationName } = issue.publication;
  return (
    <p className="m-soft" style={{ ...SMALL, ...below(drawing) }}>
      Was this mail forwarded to you?{" "}
      {drawLink(absoluteUrl("/subscribe", issue), `Subscribe to ${publicationName}`)}.
    </p>
  );
}

/** A table cell as button: Outlook draws its colour and padding, other clients its round corners too. */
export function drawUpgradeButton({ attrs }: Card<"upgradeButton">, drawing: MailDrawing): ReactNode {
  if (drawing.context.reader === "member") return null;
  const { accent, accentInk } = drawing.look;
  return (
    <table
      role="presentation"
      align="center"
      cellPadding={0}
      cellSpacing={0}
      style={{ margin: "0 auto 24px" }}
    >
      <tbody>
        <tr>
          <td align="center" {...{ bgcolor: accent }} style={{ background: accent, borderRadius: "6px" }}>
            <a
              href={joinUrl(drawing.context.issue)}
              style={{ ...BUTTON, color: accentInk, borderColor: accent }}
            >
              {upgradeLabel(attrs.label, drawing.context)}
            </a>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function drawCard(
  drawing: MailDrawing,
  card: { kicker: string; title: ReactNode; text: string | null },
): ReactNode {
  return drawPanel(
    drawing,
    <>
      <p className="m-soft" style={{ ...SMALL, margin: "0 0 4px" }}>
        {card.kicker}
      </p>
      <p style={{ margin: "0", fontWeight: 600, lineHeight: "1.4" }}>{card.title}</p>
      {card.text && (
        <p className="m-soft" style={{ ...SMALL, margin: "6px 0 0" }}>
          {card.text}
        </p>
      )}
    </>,
  );
}

export function drawPanel(drawing: MailDrawing, content: ReactNode): ReactNode {
  return (
    <table role="presentation" width="100%" cellPadding={0} cellSpacing={0} style={below(drawing)}>
      <tbody>
        <tr>
          <td className="m-surface m-line m-ink" style={PANEL}>
            {content}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

const PANEL: CSSProperties = {
  background: SURFACE,
  border: `1px solid ${LINE}`,
  borderRadius: "6px",
  padding: "16px 18px",
};
const BUTTON: CSSProperties = {
  display: "inline-block",
  padding: "12px 24px",
  fontFamily: SANS,
  fontSize: "16px",
  lineHeight: "1.25",
  fontWeight: 600,
  textDecoration: "none",
  borderRadius: "6px",
};
