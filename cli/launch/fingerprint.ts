import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/**
 * One hash over the contents and names of files and folders below `root`, so that a change of any is seen and a change
 * of dates is not. What does not exist counts as absent; `skip` leaves out paths relative to `root`.
 */
export async function fingerprint(
  root: string,
  paths: readonly string[],
  skip: (path: string) => boolean = () => false,
): Promise<string> {
  const files = (await Promise.all(paths.map((path) => filesBelow(join(root, path))))).flat();
  const names = files.map((file) => relative(root, file)).filter((name) => !skip(name));
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    const content = await readFile(join(root, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

async function filesBelow(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR") return [path];
    if (code === "ENOENT") return [];
    throw error;
  }
}
