import type { ReactNode } from "react";
import { SLOTS, type Slot, slot, withoutSlotMarks } from "./personalise";

/** A template as HTML. Mail has no client side, so nothing is left in it for React to find again. */
export async function drawHtml(node: ReactNode): Promise<string> {
  // Loaded here because Next refuses to see this import at the top of anything that a page uses.
  const { renderToStaticMarkup } = await import("react-dom/server");
  return `<!DOCTYPE html>${renderToStaticMarkup(node)}`;
}

/**
 * Stands in for the slots while a template is drawn. What the author wrote may hold a slot's mark by malice or
 * accident; these are random, so the author's marks can be removed before the real ones are put in.
 */
export type SlotStandIns = { of(name: Slot): string; intoSlots(text: string): string };

export function slotStandIns(random: string): SlotStandIns {
  const standIn = (name: Slot) => `${random}-${name}`;
  return {
    of: standIn,
    intoSlots: (text) =>
      SLOTS.reduce((done, name) => done.replaceAll(standIn(name), slot(name)), withoutSlotMarks(text)),
  };
}
