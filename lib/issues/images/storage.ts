import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where pictures lie. One small interface, so that an object store can take the disk's place. */
export interface ImageStorage {
  /** Keeps the bytes under the name. The same name always means the same bytes, so saving again changes nothing. */
  save(name: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, or null where there is no such picture. */
  read(name: string): Promise<Buffer | null>;
}

/** Names are made by `imageName` alone, so nothing that a person wrote ever becomes a path. */
export const IMAGE_NAME = /^[0-9a-f]{40}\.(png|jpg|webp|gif)$/;

export type ImageFormat = "png" | "jpg" | "webp" | "gif";

export function imageName(bytes: Uint8Array, format: ImageFormat): string {
  return `${createHash("sha256").update(bytes).digest("hex").slice(0, 40)}.${format}`;
}

export function imagePath(name: string): string {
  return `/media/${name}`;
}

/** Pictures as files in one folder. A file appears whole or not at all. */
export function createDiskStorage(folder: string): ImageStorage {
  const pathOf = (name: string) => {
    if (!IMAGE_NAME.test(name)) throw new RangeError("This is no picture's name.");
    // The folder is the operator's, so the bundler has nothing to trace here.
    return join(/*turbopackIgnore: true*/ folder, name);
  };
  return {
    async save(name, bytes) {
      const path = pathOf(name);
      await mkdir(folder, { recursive: true });
      const temporary = join(/*turbopackIgnore: true*/ folder, `.${randomUUID()}`);
      try {
        await writeFile(temporary, bytes, { flag: "wx" });
        const file = await open(/*turbopackIgnore: true*/ temporary, "r");
        await file.sync().finally(() => file.close());
        await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "EEXIST") throw error;
        });
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async read(name) {
      if (!IMAGE_NAME.test(name)) return null;
      return readFile(pathOf(name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      });
    },
  };
}
