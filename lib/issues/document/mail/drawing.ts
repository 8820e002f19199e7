import type { ReactNode } from "react";
import type { RenderContext } from "@/lib/issues/document/facts";

/** Colours that the publication chooses; text on `accent` is drawn in `accentInk`. */
export type MailLook = { accent: string; accentInk: string };

export type MailDrawing = {
  context: RenderContext;
  look: MailLook;
  notes: ReactNode[];
  insideSnippet: boolean;
  /** The line for people to whom the mail was forwarded appears once. */
  subscribeLineDrawn: boolean;
};
