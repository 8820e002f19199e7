/**
 * Writes a mail of a text and an HTML part (RFC 2045, 2046). Pure. An issue is encoded once, head and parts, and only
 * its slots per reader: encoding each mail whole costs twenty times the time of sending it.
 */
import { createHash } from "node:crypto";
import { type HeaderField, writeHeaders } from "./headers";
import { escapeHtml, type SlotValues, slotValue, splitSlots } from "./personalise";

/** The body of a mail, ready but for its slots. */
export type PreparedBody = {
  boundary: string;
  pieces: readonly (Buffer | { slot: string; part: "text" | "html" })[];
};

/** `seed` makes the boundary: the same seed gives the same bytes. */
export function prepareBody(mail: { text: string; html: string; seed: string }): PreparedBody {
  const boundary = `=_${createHash("sha256").update(mail.seed).digest("hex").slice(0, 32)}`;
  const pieces: (Buffer | { slot: string; part: "text" | "html" })[] = [];
  for (const part of ["text", "html"] as const) {
    pieces.push(ascii(partHead(boundary, part === "text" ? "plain" : "html")));
    for (const [index, piece] of splitSlots(mail[part]).entries()) {
      if (index % 2 === 0) pieces.push(ascii(quotedPrintable(piece)));
      else pieces.push(ascii(SOFT_BREAK), { slot: piece, part }, ascii(SOFT_BREAK));
    }
  }
  pieces.push(ascii(`\r\n--${boundary}--\r\n`));
  return { boundary, pieces: joinNeighbours(pieces) };
}

/** A whole message with CRLF line ends, no line longer than 998 octets and no byte above 127. */
export function writeMessage(
  headers: readonly HeaderField[],
  body: PreparedBody,
  values: SlotValues | null,
): Buffer {
  return Buffer.concat([ascii(headOf(headers, body)), ...fillBody(body, values)]);
}

/** Where the head of one reader's copy differs from another's. */
export const HEAD_SLOTS = ["to", "messageId", "oneClickUrl"] as const;
export type HeadSlot = (typeof HEAD_SLOTS)[number];
export type HeadValues = Readonly<Record<HeadSlot, string>>;

/** A whole message, ready but for what differs between readers. */
export type PreparedMessage = {
  /** Text and the names of slots in turn: every second one is a slot. */
  head: readonly string[];
  body: PreparedBody;
};

/** `draw` writes the fields with stand-ins, which then become slots; it may copy a value but not change it. */
export function prepareMessage(
  draw: (values: HeadValues) => readonly HeaderField[],
  body: PreparedBody,
): PreparedMessage {
  const mark = body.boundary.slice(2, 14);
  const standIn = (slot: HeadSlot) => `${slot}-slot-${mark}`;
  const fields = draw({
    to: standIn("to"),
    messageId: standIn("messageId"),
    oneClickUrl: standIn("oneClickUrl"),
  });
  const slots = new RegExp(`(${HEAD_SLOTS.join("|")})-slot-${mark}`);
  return { head: headOf(fields, body).split(slots), body };
}

/** One reader's copy. Throws a RangeError for a value that would not stay within its header field. */
export function fillMessage({ head, body }: PreparedMessage, values: HeadValues & SlotValues): Buffer {
  let text = "";
  for (const [index, piece] of head.entries()) {
    text += index % 2 === 0 ? piece : headValue(piece, values);
  }
  return Buffer.concat([ascii(text), ...fillBody(body, values)]);
}

function headValue(name: string, values: HeadValues): string {
  const slot = HEAD_SLOTS.find((known) => known === name);
  const value = slot === undefined ? "" : values[slot];
  if (!/^[\x21-\x7e]{1,900}$/.test(value)) {
    throw new RangeError(`The header's ${name} holds something that no header may hold.`);
  }
  return value;
}

function headOf(headers: readonly HeaderField[], body: PreparedBody): string {
  const head = writeHeaders([
    ...headers,
    ["MIME-Version", "1.0"],
    ["Content-Type", `multipart/alternative;\r\n boundary="${body.boundary}"`],
  ]);
  return `${head}\r\n`;
}

function fillBody(body: PreparedBody, values: SlotValues | null): Buffer[] {
  return body.pieces.map((piece) => {
    if (Buffer.isBuffer(piece)) return piece;
    if (!values) throw new RangeError("This mail has slots, and there is nothing to put into them.");
    const value = slotValue(piece.slot, values);
    return ascii(quotedPrintable(piece.part === "html" ? escapeHtml(value) : value));
  });
}

const SOFT_BREAK = "=\r\n";
const LINE = 76;

function partHead(boundary: string, kind: "plain" | "html"): string {
  return `\r\n--${boundary}\r\nContent-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
}

function ascii(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function joinNeighbours(pieces: PreparedBody["pieces"]): PreparedBody["pieces"] {
  const joined: (Buffer | { slot: string; part: "text" | "html" })[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (Buffer.isBuffer(piece) && Buffer.isBuffer(last))
      joined[joined.length - 1] = Buffer.concat([last, piece]);
    else joined.push(piece);
  }
  return joined;
}

/** RFC 2045 6.7, for text that begins at the beginning of a line. Line ends of any kind become CRLF. */
export function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(encodeLine)
    .join("\r\n");
}

function encodeLine(line: string): string {
  return /^(?:[\x20-\x7e]*[\x21-\x7e])?$/.test(line) ? encodePlainLine(line) : encodeAnyLine(line);
}

/** What `encodeAnyLine` gives, in a tenth of its time; most lines are of this kind. */
function encodePlainLine(line: string): string {
  const encoded = line.replaceAll("=", "=3D");
  if (encoded.length < LINE) return encoded;
  const lines: string[] = [];
  for (let from = 0; from < encoded.length; ) {
    let to = from + LINE - 1;
    if (encoded[to - 1] === "=") to -= 1;
    else if (encoded[to - 2] === "=") to -= 2;
    lines.push(encoded.slice(from, to));
    from = to;
  }
  return lines.join(SOFT_BREAK);
}

function encodeAnyLine(line: string): string {
  const bytes = Buffer.from(line, "utf8");
  let encoded = "";
  let column = 0;
  for (const [index, byte] of bytes.entries()) {
    const last = index === bytes.length - 1;
    const plain = (byte >= 33 && byte <= 126 && byte !== 61) || ((byte === 32 || byte === 9) && !last);
    const written = plain
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    if (column + written.length > LINE - 1) {
      encoded += SOFT_BREAK;
      column = 0;
    }
    encoded += written;
    column += written.length;
  }
  return encoded;
}
