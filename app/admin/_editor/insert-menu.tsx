"use client";

import type { Editor } from "@tiptap/core";
import { useEffect, useId, useRef, useSyncExternalStore } from "react";
import type { InsertMenuState } from "./insert-menu-state";

const MENU_HEIGHT = 320;

/** The blocks that the letters behind `/` mean. The focus stays in the text; the chosen line is told from there. */
export function InsertMenu({ menu, editor }: { menu: InsertMenuState; editor: Editor }) {
  const open = useSyncExternalStore(menu.subscribe, menu.get, () => null);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const chosen = open ? `${id}-${open.items[open.index]?.name}` : null;

  useEffect(() => {
    const { dom } = editor.view;
    if (!chosen) return;
    dom.setAttribute("aria-controls", id);
    dom.setAttribute("aria-activedescendant", chosen);
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
    return () => {
      dom.removeAttribute("aria-controls");
      dom.removeAttribute("aria-activedescendant");
    };
  }, [editor, chosen, id]);

  if (!open) return null;
  const { place, items, index } = open;
  const below = place.bottom + MENU_HEIGHT < window.innerHeight;
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label="Insert"
      className="editor-insert"
      style={{
        left: Math.max(8, Math.min(place.left, window.innerWidth - 272)),
        ...(below ? { top: place.bottom + 6 } : { bottom: window.innerHeight - place.top + 6 }),
      }}
    >
      {items.map((item, position) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heard in the text, where the focus is
        // biome-ignore lint/a11y/useFocusableInteractive: the text points at the chosen option
        <div
          key={item.name}
          id={`${id}-${item.name}`}
          role="option"
          aria-selected={position === index}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => menu.choose(position)}
        >
          {item.label}
        </div>
      ))}
    </div>
  );
}
