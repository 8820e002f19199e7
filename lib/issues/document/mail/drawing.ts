import type { ReactNode } from "react";
import type { RenderContext } from "@/lib/issues/document/facts";

/** Colours that the publication chooses; text on `accent` is drawn in `accentInk`. */
export type MailLook = { accent: string; accentInk: string };

export type MailDrawing = {
  context: RenderContext;
  look: MailLook;
  notes: ReactNode[];
  insideSnippet: boolean;
  /** Lines that appear once, however often the document asks for them. */
  drawnOnce: Set<"subscribe">;
  /** Pixels below a block: less inside others, none below the last one there. */
  gap: number;
};

export function below(drawing: MailDrawing): { margin: string } {
  return { margin: drawing.gap > 0 ? `0 0 ${drawing.gap}px` : "0" };
}
