import temml from "temml";

/**
 * MathML for a formula, or null when the TeX is wrong, too costly, or its markup holds anything but plain
 * presentation MathML. The string may be put into a page as it is: Temml escapes what it prints and is not trusted
 * with links, images or classes, and its output is checked tag by tag all the same.
 *
 * Options: https://temml.org/docs/en/administration.html
 */
export function mathMarkup(tex: string, display: boolean): string | null {
  try {
    const markup = temml.renderToString(tex, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: false,
      maxSize: [40, 60],
      maxExpand: 500,
    });
    return markup.length <= MAXIMUM_LENGTH && isPlainMathML(markup) ? markup : null;
  } catch (error) {
    // Wrong TeX throws a ParseError; a formula nested thousands deep exhausts the stack.
    if (error instanceof temml.ParseError || error instanceof RangeError || error instanceof TypeError)
      return null;
    throw error;
  }
}

const MAXIMUM_LENGTH = 500_000;
const ELEMENTS = new Set(
  (
    "math semantics annotation mrow mi mn mo mtext ms mspace mfrac msqrt mroot mstyle merror mpadded mphantom " +
    "msub msup msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mlabeledtr mtd menclose none"
  ).split(" "),
);
const ATTRIBUTE = /^\s+([a-z:-]+)="([^"<>]*)"/i;
const ATTRIBUTE_NAME =
  /^(xmlns|display|class|style|encoding|mathvariant|stretchy|fence|separator|form|lspace|rspace|minsize|maxsize|symmetric|largeop|movablelimits|accent|accentunder|linethickness|width|height|depth|voffset|scriptlevel|displaystyle|columnalign|rowspacing|columnspacing|columnlines|rowlines|columnspan|notation|mathcolor|mathbackground|mathsize|side|tml-[a-z-]+)$/;
const STYLE_VALUE = /^[\w\s.,:;#%()+-]*$/;

/** True when markup holds only MathML's presentation elements and attributes, and no style that could load anything. */
export function isPlainMathML(markup: string): boolean {
  for (const [, tag = "", end] of markup.matchAll(/<([^>]*)(>?)/g)) {
    if (!end) return false;
    if (tag.startsWith("/")) {
      if (!ELEMENTS.has(tag.slice(1))) return false;
      continue;
    }
    const name = /^[a-z]+/.exec(tag)?.[0] ?? "";
    if (!ELEMENTS.has(name)) return false;
    if (!hasPlainAttributes(tag.slice(name.length))) return false;
  }
  return true;
}

function hasPlainAttributes(source: string): boolean {
  let rest = source;
  for (let match = ATTRIBUTE.exec(rest); match; match = ATTRIBUTE.exec(rest)) {
    const [whole, name = "", value = ""] = match;
    if (!ATTRIBUTE_NAME.test(name)) return false;
    if (name === "style" && (!STYLE_VALUE.test(value) || /url|expression|position/i.test(value)))
      return false;
    rest = rest.slice(whole.length);
  }
  return /^\s*\/?$/.test(rest);
}
