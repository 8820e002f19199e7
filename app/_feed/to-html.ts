import { createRequire } from "node:module";
import { join } from "node:path";
import type { ReactNode } from "react";

type StaticRenderer = { renderToStaticMarkup: (node: ReactNode) => string };

/**
 * Markup of a tree without state or effects. The framework gives server code a React that cannot print HTML, so the
 * package is asked for past the bundler, which finds Node's own build of it.
 */
export async function toHtml(node: ReactNode): Promise<string> {
  const require = createRequire(join(process.cwd(), "package.json"));
  const { renderToStaticMarkup } = require("react-dom/server") as StaticRenderer;
  return renderToStaticMarkup(node);
}
