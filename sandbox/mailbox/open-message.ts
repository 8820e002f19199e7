import { load } from "cheerio";
import { simpleParser } from "mailparser";
import { type Header, LONGEST_HEADER, listHeaders } from "./header";
import type { MessageSummary } from "./record";
import type { MessageStore } from "./store";

export type OpenMessage = MessageSummary & {
  headers: Header[];
  text: string | null;
  html: string | null;
  attachments: { filename: string | null; contentType: string; size: number }[];
  /** Web addresses in the HTML, then those only in the text; each once. */
  links: string[];
};

/** Web addresses in plain text, without the punctuation of the sentence around them. */
export function linksInText(text: string): string[] {
  return (text.match(/https?:\/\/[^\s<>"]+/g) ?? []).map((found) => {
    const link = found.replace(/[.,;:!?'\]}]+$/, "");
    return link.endsWith(")") && !link.includes("(") ? link.slice(0, -1) : link;
  });
}

function linksInHtml(html: string): string[] {
  const document = load(html);
  return document("a[href], area[href]")
    .toArray()
    .map((element) => document(element).attr("href")?.trim() ?? "")
    .filter((link) => /^https?:\/\//i.test(link));
}

/** Reads and takes apart one message; null where it is not there (any more). Parts that it lacks are null, not made up. */
export async function openMessage(store: MessageStore, id: number): Promise<OpenMessage | null> {
  const summary = store.get(id);
  const source = summary && (await store.readSource(id));
  if (!summary || !source) return null;
  const mail = await simpleParser(source, { skipHtmlToText: true, skipTextToHtml: true });
  const html = mail.html || null;
  const text = mail.text || null;
  return {
    ...summary,
    headers: listHeaders(source),
    text,
    html,
    attachments: mail.attachments.map(({ filename, contentType, size }) => ({
      filename: filename ?? null,
      contentType,
      size,
    })),
    links: [...new Set([...(html ? linksInHtml(html) : []), ...(text ? linksInText(text) : [])])],
  };
}

/** Only the headers of one message; null where it is not there (any more). */
export async function readHeaders(store: MessageStore, id: number): Promise<Header[] | null> {
  const head = await store.readSource(id, LONGEST_HEADER);
  return head && listHeaders(head);
}
