/**
 * Draws a picture anew, so that nothing of the file but its pixels goes on: no EXIF, no place where it was taken, no
 * thumbnail of what was cropped away. The answer is a JPEG, PNG or GIF, because mail programs show nothing else
 * (Outlook has neither WebP nor AVIF). The same bytes give the same picture. Throws INVALID for what cannot be drawn.
 */
import sharp, { type Metadata, type Sharp } from "sharp";
import { DomainError } from "@/lib/errors";
import type { PictureKind } from "./picture-kind";
import type { ImageFormat } from "./storage";

/** Twice the width of the text, for screens of high density. */
export const MAX_WIDTH = 1_600;
/** The document's limit for a figure; only the height of an endless screenshot comes near. */
const MAX_HEIGHT = 20_000;
/** All frames together. The largest photo of a common telephone has 50 million. */
export const MAX_PIXELS = 60_000_000;
const MAX_SECONDS = 60;
/** A photograph that was saved as PNG: this heavy, and this many times heavier than as JPEG. */
const HEAVY_PNG = 500_000;
const PHOTO_RATIO = 4;

export type Redrawn = {
  bytes: Buffer;
  format: ImageFormat;
  width: number;
  height: number;
  /** What the author should know about the result. */
  note: string | null;
};

export async function reEncode(bytes: Uint8Array, kind: PictureKind): Promise<Redrawn> {
  try {
    return await draw(bytes, kind);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError(
      "INVALID",
      "This picture cannot be read: the file is damaged or cut off. Open it in an image program, save it anew and try again.",
      { cause: error },
    );
  }
}

async function draw(bytes: Uint8Array, kind: PictureKind): Promise<Redrawn> {
  const open = (options: { animated: boolean; limitInputPixels: number | false }) =>
    sharp(bytes, { ...options, failOn: "error" });
  const header = await open({ animated: true, limitInputPixels: false }).metadata();
  refuseTooManyPixels(header);
  const frames = header.pages ?? 1;
  const moves = frames > 1 && (kind === "gif" || kind === "webp");
  const picture = () => {
    const opened = open({ animated: moves, limitInputPixels: MAX_PIXELS }).timeout({ seconds: MAX_SECONDS });
    // Frames carry no orientation of their own, and only single pictures can be turned.
    return (moves ? opened : opened.autoOrient()).resize({
      width: MAX_WIDTH,
      height: MAX_HEIGHT,
      fit: "inside",
      withoutEnlargement: true,
    });
  };
  const still = frames > 1 || isAnimatedPng(bytes, kind);
  const note =
    moves || !still ? null : "Only the first frame was kept: this kind of animation cannot be mailed.";
  return { ...(await encode(picture, kind, { moves, header })), note };
}

async function encode(
  picture: () => Sharp,
  kind: PictureKind,
  { moves, header }: { moves: boolean; header: Metadata },
): Promise<Omit<Redrawn, "note">> {
  if (moves || kind === "gif") return finish(picture().gif(), "gif");
  const isOpaque = !header.hasAlpha;
  if (kind !== "png" && isOpaque) return finish(jpeg(picture()), "jpg");
  const isPalette = header.isPalette === true;
  const png = await finish(
    picture().png(isPalette ? { palette: true, quality: 100, effort: 9 } : { compressionLevel: 9 }),
    "png",
  );
  if (!isOpaque || png.bytes.length < HEAVY_PNG) return png;
  const photo = await finish(jpeg(picture()), "jpg");
  return photo.bytes.length * PHOTO_RATIO < png.bytes.length ? photo : png;
}

function jpeg(picture: Sharp): Sharp {
  return picture.jpeg({ quality: 84, mozjpeg: true });
}

async function finish(picture: Sharp, format: ImageFormat): Promise<Omit<Redrawn, "note">> {
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  return { bytes: data, format, width: info.width, height: info.pageHeight ?? info.height };
}

/** A few kilobytes can unpack into gigabytes, so the header is asked before anything is unpacked. */
function refuseTooManyPixels({ width, height, pageHeight, pages = 1 }: Metadata): void {
  if (width * (pageHeight ?? height) * pages <= MAX_PIXELS) return;
  throw new DomainError(
    "INVALID",
    pages > 1
      ? "This animation has too many pixels in all its frames. Make it smaller or shorter and try again."
      : `This picture has more than ${MAX_PIXELS / 1_000_000} million pixels. Make it smaller and try again.`,
  );
}

/** An animated PNG says so before its first picture data (PNG, third edition, 5.6). */
function isAnimatedPng(bytes: Uint8Array, kind: PictureKind): boolean {
  if (kind !== "png") return false;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const control = file.indexOf("acTL", 8, "latin1");
  return control !== -1 && control < file.indexOf("IDAT", 8, "latin1");
}
