/**
 * Draws an issue as mail for one kind of reader: subject, HTML and text, with slots where readers differ. Reads
 * nothing and sends nothing; the document must be the one that this kind of reader may see.
 */
import { randomUUID } from "node:crypto";
import { IssueMail, issueText } from "@/emails/issue";
import { lookOf } from "@/emails/style";
import type { RenderContext } from "@/lib/issues/document/facts";
import { excerptOf } from "@/lib/issues/document/reading";
import { MAIL_STYLE, renderMailBody } from "@/lib/issues/document/render-mail";
import { renderText } from "@/lib/issues/document/render-text";
import type { Document } from "@/lib/issues/document/schema";
import { formatDate } from "@/lib/publication/format";
import { pricesInWords } from "@/lib/publication/plans";
import type { PublicationSettings } from "@/lib/publication/queries";
import { drawHtml, slotStandIns } from "./draw";

export type IssueToMail = {
  title: string;
  subtitle: string;
  /** Empty means the title. */
  subject: string;
  preheader: string;
  slug: string;
  number: number | null;
  publishedAt: Date;
  /** Already cut for the reader in `context`. */
  document: Document;
  wall: boolean;
  context: RenderContext;
  publication: PublicationSettings;
};

/** `html` and `text` hold slots (`personalise.ts`). */
export type ComposedMail = { subject: string; html: string; text: string };

export async function composeIssue(issue: IssueToMail): Promise<ComposedMail> {
  const { publication } = issue;
  // One mail goes to all, those who had their trial too: its buttons name the price, its wall says for whom the trial is.
  const context = { ...issue.context, trialAvailable: false };
  const { publicUrl } = context.issue.publication;
  const slots = slotStandIns(randomUUID());
  const look = lookOf(publication.accentColor);
  const common = {
    language: publication.language,
    publication: {
      name: publication.name,
      url: publicUrl,
      postalAddress: publication.postalAddress,
      authorName: publication.authorName,
    },
    title: issue.title,
    subtitle: issue.subtitle,
    preheader: issue.preheader || issue.subtitle || excerptOf(issue.document, context.issue.publication),
    folio: issue.number === null ? null : `${publication.seriesName} ${issue.number}`,
    date: formatDate(issue.publishedAt, publication),
    webUrl: `${publicUrl}/p/${issue.slug}`,
    accountUrl: `${publicUrl}/account`,
    unsubscribeUrl: slots.of("unsubscribeUrl"),
    statusLine: slots.of("statusLine"),
    wall: issue.wall ? wallOf(issue, publicUrl) : null,
  };
  const html = await drawHtml(
    IssueMail({
      ...common,
      look,
      body: renderMailBody(issue.document, context, look),
      bodyStyle: MAIL_STYLE,
    }),
  );
  const text = issueText({ ...common, bodyText: renderText(issue.document, context) });
  return {
    subject: issue.subject || issue.title,
    html: slots.intoSlots(html),
    text: slots.intoSlots(text),
  };
}

function wallOf(issue: IssueToMail, publicUrl: string) {
  const { publication } = issue;
  return {
    publicationName: publication.name,
    price: pricesInWords(publication),
    trialDays: publication.trialDays,
    joinUrl: `${publicUrl}/join?issue=${encodeURIComponent(issue.slug)}`,
    showsBeginning: issue.document.content.length > 0,
  };
}
