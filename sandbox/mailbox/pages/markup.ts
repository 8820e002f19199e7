/** HTML that is safe as it stands, because `markup` made it. */
export class Markup {
  constructor(readonly source: string) {}
}

type Piece = Markup | string | number | null | false | Piece[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function write(piece: Piece): string {
  if (piece instanceof Markup) return piece.source;
  if (Array.isArray(piece)) return piece.map(write).join("");
  if (piece === null || piece === false) return "";
  return String(piece).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A template whose every value is escaped for text and quoted attributes, unless it is markup itself. */
export function markup(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return new Markup(
    strings.map((text, at) => text + (at < pieces.length ? write(pieces[at] ?? null) : "")).join(""),
  );
}
