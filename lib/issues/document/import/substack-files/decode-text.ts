/** How the bytes of a text were read. `windows-1252` is a guess that never fails and may show a wrong letter. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** Reads bytes as text: by the byte order mark where there is one, else as UTF-8, else as Windows-1252. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: Encoding } {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decoded(bytes, "utf-16le");
  if (first === 0xfe && second === 0xff) return decoded(bytes, "utf-16be");
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return decoded(bytes, "windows-1252");
  }
}

function decoded(bytes: Uint8Array, encoding: Encoding): { text: string; encoding: Encoding } {
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}
