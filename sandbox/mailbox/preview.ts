export type PreviewOptions = { images: boolean; scheme: "light" | "dark" };

/**
 * What a message's HTML may do: draw itself. No scripts, forms, frames, plug-ins or referrer; links open elsewhere.
 * The `sandbox` directive holds even where somebody opens the address outside of the frame.
 */
export function previewPolicy({ images }: Pick<PreviewOptions, "images">): string {
  return [
    "sandbox allow-popups allow-popups-to-escape-sandbox",
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "font-src data:",
    images ? "img-src data: http: https:" : "img-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

const STYLE_SHEET = /<style\b[^>]*>[\s\S]*?<\/style\s*>/gi;
const SCHEME_META = /<meta\b[^>]*\bname\s*=\s*["']?(?:supported-)?color-scheme[^>]*>/gi;

/** Lets the chosen scheme win over the reader's own where the message knows schemes at all; never in its text. */
function pinScheme(html: string, scheme: PreviewOptions["scheme"]): string {
  return html
    .replace(SCHEME_META, (meta) => meta.replace(/\blight\s+dark\b/i, scheme))
    .replace(STYLE_SHEET, (sheet) =>
      sheet
        .replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi, (_, asked: string) =>
          asked.toLowerCase() === scheme ? "(min-width: 0)" : "(max-width: 0)",
        )
        .replace(/(?<![\w-])color-scheme(\s*:\s*)light\s+dark\b/gi, `color-scheme$1${scheme}`),
    );
}

/** A message's HTML for the frame: unchanged but for the pinned colour scheme and where links open. */
export function previewHtml(html: string, scheme: PreviewOptions["scheme"]): string {
  const target = '<base target="_blank">';
  const pinned = pinScheme(html, scheme);
  const opening =
    /<head\b[^>]*>/i.exec(pinned) ?? /<html\b[^>]*>/i.exec(pinned) ?? /<!doctype[^>]*>/i.exec(pinned);
  if (!opening) return `<!doctype html>${target}${pinned}`;
  const end = opening.index + opening[0].length;
  return pinned.slice(0, end) + target + pinned.slice(end);
}
