import type { ReactNode } from "react";
import type { RenderContext } from "@/lib/issues/document/facts";
import type { Inline } from "@/lib/issues/document/schema";

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

/** For a region that may be wider than the page: keyboards can reach and scroll it, and it says what it is. */
export function scrollable(label: string) {
  return { tabIndex: 0, "aria-label": label } as const;
}
