import { createElement, Fragment, type ReactNode } from "react";
import type { RenderContext } from "../facts";
import type { Inline } from "../schema";

/** What the page puts into an issue that the document itself cannot know. */
export type WebParts = {
  /** Drawn inside the subscribe box: the sign-up form. */
  subscribeForm: ReactNode;
  /** Where the upgrade button leads. */
  upgradeHref: string;
};

/** One rendering in progress: footnotes and anchors are numbered in the order in which they are drawn. */
export type WebDrawing = {
  context: RenderContext;
  parts: WebParts;
  anchorFor: (heading: readonly Inline[] | undefined) => string;
  notes: ReactNode[];
  insideSnippet: boolean;
};

/** Children in a row without keys, which static output does not need. */
export function row(children: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...children);
}
