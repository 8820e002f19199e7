/**
 * Takes a picture into the media storage, drawn anew and named by its content, and records it. May run twice: the same
 * file gives the same name and one row. Never keeps the file as it came, and never fetches anything.
 */
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { pictureKind } from "./picture-kind";
import { reEncode } from "./re-encode";
import { type ImageStorage, imageName, imagePath } from "./storage";

export const MAX_UPLOAD_BYTES = 15 * 1024 * 1024;
export const TOO_LARGE = "This picture is larger than 15 MB. Save it smaller and try again.";

export type UploadedImage = {
  /** `/media/<name>`: what a figure names. */
  src: string;
  width: number;
  height: number;
  /** What the author should know, such as an animation that stands still now. */
  note: string | null;
};

/** Throws INVALID, in words for the author, for every file that cannot become a picture. */
export async function uploadImage(
  db: Database,
  file: { bytes: Uint8Array; name: string },
  services: { storage: ImageStorage },
): Promise<UploadedImage> {
  if (file.bytes.length === 0) throw new DomainError("INVALID", "This file is empty. Choose another one.");
  if (file.bytes.length > MAX_UPLOAD_BYTES) throw new DomainError("INVALID", TOO_LARGE);
  const found = pictureKind(file.bytes);
  if ("problem" in found) throw new DomainError("INVALID", found.problem);
  const { bytes, format, width, height, note } = await reEncode(file.bytes, found.kind);
  if (bytes.length > MAX_UPLOAD_BYTES)
    throw new DomainError("INVALID", "This picture becomes larger than 15 MB. Make it smaller or shorter.");
  const name = imageName(bytes, format);
  await services.storage.save(name, bytes);
  await db.image.createMany({
    data: { name, width, height, bytes: bytes.length, sourceName: sourceName(file.name) },
    skipDuplicates: true,
  });
  return { src: imagePath(name), width, height, note };
}

/** The file's own name, only ever shown as words: without the folders and control characters that some browsers send. */
function sourceName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  return last.replace(/\p{C}/gu, "").trim().slice(0, 200);
}
