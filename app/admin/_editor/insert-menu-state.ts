import type { Insertion } from "./insertions";

type Open = {
  items: readonly Insertion[];
  index: number;
  place: { left: number; top: number; bottom: number };
};

/** The menu that `/` opens, between the editor that types and the list that shows. */
export function createInsertMenu() {
  let open: Open | null = null;
  let choose: (item: Insertion) => void = () => {};
  const listeners = new Set<() => void>();
  const set = (next: Open | null) => {
    open = next;
    for (const listener of listeners) listener();
  };
  return {
    get: () => open,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show(items: readonly Insertion[], rect: DOMRect | null, onChoose: (item: Insertion) => void) {
      choose = onChoose;
      const place = { left: rect?.left ?? 0, top: rect?.top ?? 0, bottom: rect?.bottom ?? 0 };
      set(items.length > 0 ? { items, index: 0, place } : null);
    },
    hide: () => set(null),
    choose(index: number) {
      const item = open?.items[index];
      if (item) choose(item);
    },
    /** True when the key was the menu's. */
    key(event: KeyboardEvent): boolean {
      if (!open) return false;
      const { items, index } = open;
      const to = (next: number) => {
        if (open) set({ ...open, index: (next + items.length) % items.length });
        return true;
      };
      if (event.key === "ArrowDown") return to(index + 1);
      if (event.key === "ArrowUp") return to(index - 1);
      if (event.key === "Home") return to(0);
      if (event.key === "End") return to(items.length - 1);
      if (event.key !== "Enter" && event.key !== "Tab") return false;
      this.choose(index);
      return true;
    },
  };
}

export type InsertMenuState = ReturnType<typeof createInsertMenu>;
