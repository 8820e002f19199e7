/**
 * Prepares what the renderers cannot make while they draw: listings in colour, and formulas as pictures for mail.
 * May run any number of times: the same documents give the same artwork and the same picture names. Never throws
 * for what an author wrote; a formula that cannot be drawn has no picture, and mail shows its TeX.
 */
import { createHash } from "node:crypto";
import { colourCode } from "./artwork/colour-code";
import { drawFormula } from "./artwork/draw-formula";
import { codeKey } from "./code";
import type { Artwork, CodeLines, MathImage } from "./facts";
import { mathKey } from "./math";
import type { Document } from "./schema";
import { nodesOf, sourceOf } from "./traverse";

/** Keeps a picture under its name and answers its absolute address; the same name always comes with the same bytes. */
export type SavePicture = (name: string, png: Buffer) => Promise<string>;

/**
 * @param documents the issue and every snippet that it names.
 * @param options `savePicture` only when mail is drawn; without it no formula is drawn and MathJax is not loaded.
 */
export async function prepareArtwork(
  documents: readonly Document[],
  options: { savePicture?: SavePicture } = {},
): Promise<Artwork> {
  const code = new Map<string, CodeLines>();
  const math = new Map<string, MathImage>();
  const tried = new Set<string>();
  for (const document of documents) {
    for (const node of nodesOf(document)) {
      if (node.type === "codeBlock") {
        const source = sourceOf(node);
        const key = codeKey(node.attrs.language, source);
        if (!code.has(key)) code.set(key, await colourCode(node.attrs.language, source));
      } else if (options.savePicture && (node.type === "mathInline" || node.type === "mathBlock")) {
        const display = node.type === "mathBlock";
        const key = mathKey(node.attrs.tex, display);
        if (tried.has(key)) continue;
        tried.add(key);
        const image = await formulaImage(node.attrs.tex, display, options.savePicture);
        if (image) math.set(key, image);
      }
    }
  }
  return { code, math };
}

async function formulaImage(tex: string, display: boolean, save: SavePicture): Promise<MathImage | null> {
  const drawn = await drawFormula(tex, display);
  if (!drawn) return null;
  const hash = createHash("sha256").update(drawn.png).digest("hex").slice(0, 32);
  const url = await save(`formula-${hash}.png`, drawn.png);
  return { url, width: drawn.width, height: drawn.height };
}
