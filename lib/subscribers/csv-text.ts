import { DomainError } from "@/lib/errors";

/** 50 MB: about a million rows of a plain list. */
const MAX_BYTES = 50 * 1024 * 1024;

/**
 * A file's bytes as text, chunk by chunk: UTF-8 or UTF-16 by its byte order mark, otherwise UTF-8, and Windows-1252 from
 * the first byte on that UTF-8 does not know. Throws INVALID for NUL bytes (a spreadsheet or an archive, not a list) and
 * past 50 MB.
 */
export async function* decodeListFile(
  bytes: AsyncIterable<Uint8Array>,
  onEncoding: (encoding: string) => void,
): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let total = 0;
  for await (const chunk of bytes) {
    total += chunk.byteLength;
    if (total > MAX_BYTES)
      throw new DomainError("INVALID", "The file is larger than 50 MB. Please split it.");
    if (decoder === null) {
      decoder = decoderFor(chunk);
      onEncoding(decoder.encoding);
    }
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      decoder = new TextDecoder("windows-1252");
      onEncoding(decoder.encoding);
      text = decoder.decode(chunk, { stream: true });
    }
    yield refuseNul(text);
  }
  if (decoder) yield refuseNul(decoder.decode());
}

function decoderFor(first: Uint8Array): TextDecoder {
  if (first[0] === 0xff && first[1] === 0xfe) return new TextDecoder("utf-16le", { fatal: false });
  if (first[0] === 0xfe && first[1] === 0xff) return new TextDecoder("utf-16be", { fatal: false });
  return new TextDecoder("utf-8", { fatal: true });
}

function refuseNul(text: string): string {
  if (!text.includes("\0")) return text;
  throw new DomainError("INVALID", "This is not a text file. Export the list as CSV and try again.");
}

/** The longest line of headings that is looked at: 64 columns of generous names. */
const MAX_HEAD = 64 * 1_024;

/** Comma, semicolon or tab: whichever the line of headings holds most of. `whole` is the text, from its beginning. */
export async function findDelimiter(
  text: AsyncGenerator<string>,
): Promise<{ delimiter: string; whole: AsyncGenerator<string> }> {
  let head = "";
  while (head.length < MAX_HEAD && !/[\r\n]/.test(head.trimStart())) {
    const next = await text.next();
    if (next.done) break;
    head += next.value;
  }
  const line = head.trimStart().split(/[\r\n]/, 1)[0] ?? "";
  const found = [",", ";", "\t"].map((sign) => ({ sign, count: line.split(sign).length }));
  const best = found.reduce((most, each) => (each.count > most.count ? each : most));
  async function* whole(): AsyncGenerator<string> {
    yield head;
    yield* text;
  }
  return { delimiter: best.sign, whole: whole() };
}
