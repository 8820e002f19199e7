import type { Definition, Image, ImageReference } from "mdast";
import { isSafeUrl } from "../../schema";
import type { Piece } from "../flow";
import { shortly } from "../import-notes";
import { attributeLine } from "../inlines";
import { lineOf, type Reading } from "./reading";

/** Where the picture lies, or null: here, or elsewhere over https. */
export function pictureSource(url: string, pictures: ReadonlyMap<string, string>): string | null {
  const source = (pictures.get(url) ?? pictures.get(url.replace(/^\.\//, "")) ?? url).replace(
    /^http:/i,
    "https:",
  );
  return isSafeUrl(source) && /^(\/media\/|https:)/i.test(source) ? source : null;
}

/** A picture as a figure; one that cannot be shown leaves its description, and a note that names it. */
export function figureOf(
  node: Image | ImageReference,
  target: Image | Definition | undefined,
  reading: Reading,
): Piece {
  const url = target?.url ?? "";
  const alt = attributeLine(node.alt) ?? "";
  const src = pictureSource(url, reading.pictures);
  if (!src) {
    reading.notes.add(
      `A picture was left out; upload it and place it by hand: ${shortly(url, 200)}`,
      lineOf(node),
    );
    return { type: "text", text: alt === "" ? " " : alt };
  }
  const caption = attributeLine(target?.title);
  const figure = { type: "figure" as const, attrs: { src, alt, width: null, height: null } };
  return caption ? { ...figure, content: [{ type: "text", text: caption }] } : figure;
}
