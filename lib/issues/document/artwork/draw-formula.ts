import type { MathJaxInstance } from "mathjax";

/** A formula as PNG at twice the size that `width` and `height` state in CSS pixels. */
export type DrawnFormula = { png: Buffer; width: number; height: number };

const EX_IN_PIXELS = 8;
const FONT_UNITS_IN_EX = 442;
/** Half the height of an `x` in the mail's text, where `vertical-align: middle` puts a picture's middle. */
const MIDDLE_IN_EX = 0.5;
const MARGIN = 2;
const WIDEST = 2_000;
const TALLEST = 1_500;

/** Commands that keep a formula independent of others: nothing defines macros, opens links or loads packages. */
const PACKAGES = ["base", "ams", "boldsymbol", "braket", "cancel", "textmacros"];

let shared: Promise<MathJaxInstance> | null = null;

/** MathJax takes some 30 MB, so it comes into memory with the first formula. */
function mathJax(): Promise<MathJaxInstance> {
  shared ??= import("mathjax").then(({ init }) =>
    init({
      loader: { load: ["input/tex-base", "output/svg", ...PACKAGES.slice(1).map((name) => `[tex]/${name}`)] },
      tex: {
        packages: PACKAGES,
        maxMacros: 1_000,
        maxBuffer: 10_000,
        formatError: (_jax, error) => {
          throw new FormulaRefused(error.message);
        },
      },
      svg: { fontCache: "none", linebreaks: { inline: false } },
      startup: { typeset: false },
    }),
  );
  return shared;
}

class FormulaRefused extends Error {}

/**
 * Draws black on white, so that the picture reads in every mail client's dark mode. The same formula gives the same
 * bytes. Null when MathJax refuses the TeX or the picture would be larger than a mail can show.
 */
export async function drawFormula(tex: string, display: boolean): Promise<DrawnFormula | null> {
  const svg = await svgOf(tex, display);
  if (!svg) return null;
  const box = boxOf(svg);
  if (!box) return null;
  const { default: sharp } = await import("sharp");
  const density = 72 * 2;
  const png = await sharp(Buffer.from(sized(svg, box)), { density })
    .flatten({ background: "#ffffff" })
    .png({ palette: true, colours: 32, effort: 10 })
    .toBuffer();
  return { png, width: box.width, height: box.height };
}

async function svgOf(tex: string, display: boolean): Promise<string | null> {
  const { tex2svgPromise, startup } = await mathJax();
  try {
    const container = await tex2svgPromise(tex, {
      display,
      em: 16,
      ex: EX_IN_PIXELS,
      containerWidth: 100_000,
    });
    const svg = startup.adaptor.serializeXML(startup.adaptor.firstChild(container));
    return svg.startsWith("<svg") ? svg : null;
  } catch (error) {
    if (error instanceof FormulaRefused || error instanceof RangeError) return null;
    throw error;
  }
}

type Box = { width: number; height: number; viewBox: string };

/**
 * The picture's own box, widened upwards or downwards until its middle is where a mail client's
 * `vertical-align: middle` expects it; then the formula stands on the line of the text.
 */
function boxOf(svg: string): Box | null {
  const [, left, top, wide, tall] =
    /viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"/.exec(svg)?.map(Number) ?? [];
  if (left === undefined || top === undefined || wide === undefined || tall === undefined) return null;
  if (!(wide > 0 && tall > 0)) return null;
  const unit = EX_IN_PIXELS / FONT_UNITS_IN_EX;
  const middle = -MIDDLE_IN_EX * FONT_UNITS_IN_EX;
  const reach = Math.max(middle - top, top + tall - middle);
  const height = Math.ceil(2 * reach * unit) + 2 * MARGIN;
  const width = Math.ceil(wide * unit) + 2 * MARGIN;
  if (width > WIDEST || height > TALLEST) return null;
  const units = { width: width / unit, height: height / unit };
  const viewBox = [left - (units.width - wide) / 2, middle - units.height / 2, units.width, units.height];
  return { width, height, viewBox: viewBox.map((number) => number.toFixed(2)).join(" ") };
}

function sized(svg: string, box: Box): string {
  return svg
    .replace(/ style="[^"]*"/, "")
    .replace(/ width="[^"]*"/, ` width="${box.width}"`)
    .replace(/ height="[^"]*"/, ` height="${box.height}"`)
    .replace(/ viewBox="[^"]*"/, ` viewBox="${box.viewBox}"`)
    .replaceAll("currentColor", "#000000");
}
