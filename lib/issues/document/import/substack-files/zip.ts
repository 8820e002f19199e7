import { crc32, inflateRawSync } from "node:zlib";
import { ImportRefused } from "../import-notes";

/** One file of a zip. `read` unpacks it, at most to its declared size, and checks it against its checksum. */
export type ZipEntry = { path: string; name: string; size: number; read: () => Uint8Array };

const MOST_ENTRIES = 10_000;
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * Lists the files of a zip from its directory, as APPNOTE.TXT of PKWARE describes it, without unpacking any. A path is
 * only told, never used: files are known by the last part of their name. Throws `ImportRefused` for anything that is no
 * zip, is damaged, encrypted, larger than 4 GB or holds more than 10,000 files.
 */
export function listZip(zip: Uint8Array): ZipEntry[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  try {
    const end = findEnd(view);
    const count = view.getUint16(end + 10, true);
    if (count > MOST_ENTRIES)
      throw new ImportRefused(`The zip holds more than ${MOST_ENTRIES.toLocaleString("en")} files.`);
    const entries: ZipEntry[] = [];
    let at = view.getUint32(end + 16, true);
    for (let index = 0; index < count; index += 1) {
      if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw new RangeError("no directory entry");
      const entry = entryAt(zip, view, at);
      if (entry) entries.push(entry);
      at +=
        46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return entries;
  } catch (cause) {
    throw cause instanceof RangeError ? damaged("Its directory cannot be read.", cause) : cause;
  }
}

function damaged(why: string, cause?: unknown): ImportRefused {
  return new ImportRefused(`The zip is damaged: download the export again. ${why}`, { cause });
}

function findEnd(view: DataView): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at -= 1) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw new ImportRefused("This is not a zip file. Choose the export as Substack gave it to you.");
}

function entryAt(zip: Uint8Array, view: DataView, at: number): ZipEntry | null {
  const path = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)));
  const name = path.split(/[\\/]/).at(-1) ?? "";
  if (name === "" || name.startsWith(".") || path.startsWith("__MACOSX/")) return null;
  const isEncrypted = (view.getUint16(at + 8, true) & 1) === 1;
  const method = view.getUint16(at + 10, true);
  const checksum = view.getUint32(at + 16, true);
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const header = view.getUint32(at + 42, true);
  const read = () => {
    if (isEncrypted)
      throw new ImportRefused("The zip is protected by a password. Unpack it and pack it without one.");
    const start = dataStart(view, header);
    const bytes = unpack(zip.subarray(start, start + packed), method, size, name);
    if (crc32(bytes) !== checksum) throw damaged(`${name} does not match its checksum.`);
    return bytes;
  };
  return { path, name, size, read };
}

function dataStart(view: DataView, header: number): number {
  try {
    if (view.getUint32(header, true) !== LOCAL_HEADER) throw new RangeError("no local header");
    return header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  } catch (cause) {
    throw damaged("A file in it cannot be found.", cause);
  }
}

function unpack(packed: Uint8Array, method: number, size: number, name: string): Uint8Array {
  if (method === STORED && packed.length === size) return packed;
  if (method !== DEFLATED) throw damaged(`${name} is packed in a way that cannot be read.`);
  try {
    // One byte more than declared is enough to see a file that lies about its size.
    const bytes = inflateRawSync(packed, { maxOutputLength: size + 1 });
    if (bytes.length === size) return bytes;
  } catch (cause) {
    throw damaged(`${name} cannot be unpacked.`, cause);
  }
  throw damaged(`${name} is larger than the zip says.`);
}
