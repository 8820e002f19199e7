import { createElement, Fragment, type ReactNode } from "react";

/** Children in a row without keys: what is drawn once for a page or a mail is never drawn again over itself. */
export function row(children: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...children);
}

/** Lines with a line break between each two. */
export function brokenLines(lines: readonly ReactNode[]): ReactNode {
  return row(lines.flatMap((line, index) => (index === 0 ? [line] : [lineBreak, line])));
}

const lineBreak = createElement("br");
