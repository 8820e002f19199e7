import { type Block, isSafeUrl } from "../../schema";
import { BOUNDARY, type Piece } from "../flow";
import { shortly } from "../import-notes";
import { attributeLine, isInline, tidyInlines, withoutOuterBreaks } from "../inlines";
import { dataAttributes, lineIn, pixelsIn, recordIn, recordsIn } from "./data-attrs";
import { type Element, findAll, findByTag } from "./dom";
import type { Reading } from "./reading";
import { piecesOf } from "./walk";

type Figure = Extract<Block, { type: "figure" }>;

const CDN = /^https?:\/\/(?:substackcdn\.com|cdn\.substack\.com)\/image\/fetch\/.*?(https?(?::|%3A).+)$/i;

/** Substack's image service carries the address of the picture itself at the end of its own; that one lasts. */
export function unwrappedPicture(source: string): string {
  const inner = CDN.exec(source)?.[1];
  if (!inner) return source;
  try {
    return /^https?%3A/i.test(inner) ? decodeURIComponent(inner) : inner;
  } catch {
    // A stray percent sign: the service's own address still shows the picture.
    return source;
  }
}

function pictureAddress(source: string | null): string | null {
  const address = unwrappedPicture(source ?? "")
    .trim()
    .replace(/^http:/i, "https:");
  return isSafeUrl(address) && /^https:/i.test(address) ? address : null;
}

/** Uploads carry their size in their name, as in `…_1456x970.png`. */
function sizeInName(address: string): { width: number | null; height: number | null } {
  const [, width, height] = /_(\d{1,5})x(\d{1,5})\.\w+$/.exec(address) ?? [];
  return { width: pixelsIn({ width }, "width"), height: pixelsIn({ height }, "height") };
}

/** One picture as a figure without caption; null, with a note, when it cannot be shown. */
function figureOf(image: Element, reading: Reading): Figure | null {
  const attributes = dataAttributes(image);
  const source = lineIn(attributes, ["src"], 2_000) ?? attributeLine(image.attribs.src, 4_000);
  const src = pictureAddress(source);
  if (!src) {
    if (source) reading.notes.add(`A picture was left out: ${shortly(source, 120)}`);
    return null;
  }
  const alt =
    lineIn(attributes, ["alt"]) ?? attributeLine(image.attribs.alt) ?? lineIn(attributes, ["title"]) ?? "";
  const named = sizeInName(src);
  const width = pixelsIn(attributes, "width") ?? pixelsIn(image.attribs, "width") ?? named.width;
  const height = pixelsIn(attributes, "height") ?? pixelsIn(image.attribs, "height") ?? named.height;
  noteLostLink(image, attributes.href, src, reading);
  return { type: "figure", attrs: { src, alt, width, height } };
}

/** A picture that led somewhere else than to itself loses its link, and the author is told. */
function noteLostLink(image: Element, given: unknown, src: string, reading: Reading): void {
  let parent = image.parent;
  while (parent && !("name" in parent && parent.name === "a")) parent = parent.parent;
  const around = parent && "attribs" in parent ? parent.attribs.href : undefined;
  const target = attributeLine(given, 2_000) ?? attributeLine(around, 4_000);
  if (target && pictureAddress(target) !== src)
    reading.notes.add(`A picture's link was left out: ${shortly(target, 120)}`);
}

/** `captioned-image-container` and plain `figure`: each picture, the caption under the last. */
export function figurePieces(container: Element, reading: Reading): Piece[] {
  const images = findAll(container.children, ({ name }) => name === "img");
  const figures = images.flatMap((image) => figureOf(image, reading) ?? []);
  const caption = findByTag(container, "figcaption");
  const pieces = caption ? piecesOf(caption.children, reading) : [];
  const content = withoutOuterBreaks(tidyInlines(pieces.filter(isInline)));
  const last = figures.at(-1);
  if (!last) return images.length > 0 ? pieces : piecesOf(container.children, reading);
  if (content.length > 0) last.content = content;
  return figures;
}

/** `image-gallery-embed`: its pictures one after the other, the shared caption under the last. */
export function galleryPieces(element: Element, reading: Reading): Piece[] {
  const gallery = recordIn(dataAttributes(element), "gallery");
  const alt = lineIn(gallery, ["alt"]) ?? "";
  const figures = recordsIn(gallery, "images").flatMap((image): Figure[] => {
    const src = pictureAddress(lineIn(image, ["src"], 4_000));
    return src
      ? [{ type: "figure", attrs: { src, alt: lineIn(image, ["alt"]) ?? alt, ...sizeInName(src) } }]
      : [];
  });
  const last = figures.at(-1);
  const caption = lineIn(gallery, ["caption"]);
  if (last && caption) last.content = [{ type: "text", text: caption }];
  if (figures.length === 0) reading.notes.add("An image gallery without readable pictures was left out.");
  return figures;
}

/** A picture without a frame around it. */
export function picturePieces(image: Element, reading: Reading): Piece[] {
  const figure = figureOf(image, reading);
  return [figure ?? BOUNDARY];
}
