/** What a file is by its first bytes; its name and what the browser calls it may say anything. Pure. */
export type PictureKind = "jpeg" | "png" | "gif" | "webp" | "avif";

/** Kinds that people have at hand and that we do not take, each with a way out. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [
    /^.{4}ftyp(?:hei|hev|mif1|msf1)/s,
    "This is a HEIC photo, which browsers and mail programs cannot show. Export it as JPEG and upload that.",
  ],
  [
    /^(?:\xEF\xBB\xBF)?\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)/i,
    "This is an SVG drawing, which mail programs cannot show and which may carry scripts. Export it as PNG.",
  ],
  [/^%PDF-/, "This is a PDF. Export the page as PNG or JPEG and upload that."],
  [/^(?:II\*\0|MM\0\*)/, "This is a TIFF file. Save it as JPEG or PNG and upload that."],
  [/^BM/, "This is a BMP file. Save it as PNG and upload that."],
  [/^.{4}ftyp/s, "This is a video. Upload a picture of it, and link to the video with a video card."],
];

/** The kind, or the sentence that refuses the file. */
export function pictureKind(bytes: Uint8Array): { kind: PictureKind } | { problem: string } {
  const start = Buffer.from(bytes.subarray(0, 256)).toString("latin1");
  if (start.startsWith("\xFF\xD8\xFF")) return { kind: "jpeg" };
  if (start.startsWith("\x89PNG\r\n\x1A\n")) return { kind: "png" };
  if (/^GIF8[79]a/.test(start)) return { kind: "gif" };
  if (/^RIFF.{4}WEBP/s.test(start)) return { kind: "webp" };
  if (hasBrand(start, "avif") || hasBrand(start, "avis")) return { kind: "avif" };
  const refused = REFUSED.find(([pattern]) => pattern.test(start));
  return {
    problem:
      refused?.[1] ?? "This file is not a picture that we know. Upload a JPEG, PNG, GIF, WebP or AVIF.",
  };
}

/** Brands stand in the first box of an ISO media file, in words of four letters (ISO 14496-12, 4.3). */
function hasBrand(start: string, brand: string): boolean {
  if (start.slice(4, 8) !== "ftyp") return false;
  const end = Buffer.from(start.slice(0, 4), "latin1").readUInt32BE();
  const brands: readonly string[] = start.slice(8, Math.min(end, start.length)).match(/.{4}/gs) ?? [];
  return brands.includes(brand);
}
