/** What the contestants send: an issue's mail of a wanted size, with the slots that make each copy one reader's own. */
import { prepareBody, writeMessage } from "@/lib/mail/mime";
import { type Slot, slot } from "@/lib/mail/personalise";

export type SizedMail = { subject: string; html: string; text: string };

const WORDS =
  "a queue that forgets is worse than none because whoever waits in it believes that somebody knows and so the first thing to write is who was promised what before anything leaves the house ".split(
    " ",
  );

/** About `bytes` of text and HTML together, as they stand before encoding: a quarter text, the rest markup. */
export function sizedMail(bytes: number): SizedMail {
  const text = `${prose(bytes / 4 - 250, "\n\n")}\n\n${slot("statusLine")}\nLeave: ${slot("unsubscribeUrl")}\n`;
  const paragraphs = prose(
    (bytes * 3) / 4 - 900,
    '</p>\n<p style="margin:0 0 16px 0;font-size:17px;line-height:1.6">',
  );
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Issue</title></head><body><p style="margin:0 0 16px 0">${paragraphs}</p><p>${slot("statusLine")}</p><p><a href="${slot("unsubscribeUrl")}">Leave</a></p></body></html>`;
  return { subject: "What a queue owes to those who wait in it", html, text };
}

/** One whole message, as any of them is. */
export function readyMessage(bytes: number): Buffer {
  const mail = sizedMail(bytes);
  const headers = [
    ["From", "The Benchmark <weekly@benchmark.test>"],
    ["To", "reader@example.test"],
    ["Subject", mail.subject],
    ["Message-ID", "<one@benchmark.test>"],
    ["List-Unsubscribe", `<${unsubscribeUrlOf(0)}>`],
  ] as const;
  return writeMessage(headers, prepareBody({ ...mail, seed: "benchmark" }), {
    statusLine: FREE_STATUS,
    unsubscribeUrl: unsubscribeUrlOf(0),
  });
}

/** As long as the product's own. */
export function unsubscribeUrlOf(reader: number): string {
  return `http://127.0.0.1:3000/unsubscribe?token=${String(reader).padStart(74, "t")}`;
}

/** The same text for any reader who has no membership. */
export const FREE_STATUS = "You are a free subscriber of The Benchmark.";

export function filled(template: string, values: Readonly<Record<Slot, string>>): string {
  return template
    .replaceAll(slot("statusLine"), values.statusLine)
    .replaceAll(slot("unsubscribeUrl"), values.unsubscribeUrl);
}

function prose(length: number, between: string): string {
  const paragraphs: string[] = [];
  let written = 0;
  for (let at = 0; written < length; at += 60) {
    const paragraph = Array.from({ length: 60 }, (_, index) => WORDS[(at + index * 7) % WORDS.length]).join(
      " ",
    );
    paragraphs.push(paragraph.slice(0, Math.max(1, length - written)));
    written += paragraph.length + between.length;
  }
  return paragraphs.join(between);
}
