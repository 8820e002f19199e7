"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False until scripts run: before that, what needs them would go nowhere or go without its question. */
export function useReady(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
