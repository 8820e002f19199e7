import libmime from "libmime";

/** More header than any honest message has; what lies beyond it is not looked at. */
export const LONGEST_HEADER = 256 * 1024;

export type Header = { name: string; value: string };

function headerText(source: Buffer): string {
  const head = source.subarray(0, LONGEST_HEADER);
  const end = head.indexOf("\r\n\r\n");
  return (end < 0 ? head : head.subarray(0, end)).toString("utf8");
}

function readable(value: string): string {
  return value.includes("=?") ? libmime.decodeWords(value) : value;
}

/**
 * The headers of a message in their order, unfolded (RFC 5322 section 2.2.3) and with encoded words (RFC 2047) read.
 * Lines that are no header are left out.
 */
export function listHeaders(source: Buffer): Header[] {
  return headerText(source)
    .replace(/\r?\n(?=[ \t])/g, "")
    .split(/\r?\n/)
    .flatMap((line) => {
      const match = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line);
      return match ? [{ name: match[1] ?? "", value: readable((match[2] ?? "").trim()) }] : [];
    });
}

/** What a list of messages shows: cheap enough for every message that arrives. */
export function summarizeHeader(source: Buffer): {
  subject: string;
  date: string | null;
  messageId: string | null;
} {
  const text = headerText(source);
  const first = (pattern: RegExp) =>
    pattern
      .exec(text)?.[1]
      ?.replace(/\r?\n(?=[ \t])/g, "")
      .trim();
  const date = new Date(first(/^date:((?:.*)(?:\r?\n[ \t].*)*)/im) ?? "");
  return {
    subject: readable(first(/^subject:((?:.*)(?:\r?\n[ \t].*)*)/im) ?? ""),
    date: Number.isNaN(date.getTime()) ? null : date.toISOString(),
    messageId: first(/^message-id:((?:.*)(?:\r?\n[ \t].*)*)/im) || null,
  };
}
