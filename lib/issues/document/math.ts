/** The key of a formula's picture in `Artwork.math`; set on its own line it looks different from within a line. */
export function mathKey(tex: string, display: boolean): string {
  return `${display ? "display" : "inline"}\n${tex}`;
}
