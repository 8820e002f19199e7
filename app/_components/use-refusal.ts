"use client";

import { type RefObject, useEffect, useRef } from "react";

/**
 * For a form that may be refused: leads the focus to its first wrong field, or to the words that say why, marked with
 * `data-refusal`. Who presses a button by keyboard would be left far from them.
 */
export function useRefusal(state: { problem: string | null }, form: RefObject<HTMLFormElement | null>): void {
  const seen = useRef(state);
  useEffect(() => {
    if (seen.current === state) return;
    seen.current = state;
    if (state.problem === null || !form.current) return;
    const place =
      form.current.querySelector<HTMLElement>('[aria-invalid="true"]') ??
      form.current.querySelector<HTMLElement>("[data-refusal]");
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "center" });
  }, [state, form]);
}
