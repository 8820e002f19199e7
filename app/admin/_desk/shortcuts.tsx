"use client";

import { useEffect, useRef } from "react";

const GO: Readonly<Record<string, { href: string; label: string }>> = {
  w: { href: "/admin", label: "This week" },
  i: { href: "/admin/issues", label: "Issues" },
  s: { href: "/admin/subscribers", label: "Subscribers" },
  m: { href: "/admin/import", label: "Import" },
  t: { href: "/admin/settings", label: "Settings" },
  h: { href: "/admin/health", label: "Health" },
};

/** Links that a page offers under a key, and what each is called there. */
const HERE: readonly { key: string; label: string }[] = [
  { key: "e", label: "Edit the issue, on its page" },
  { key: "p", label: "Preview the issue, on its page" },
];

/** `g` and a letter goes somewhere, `?` tells what there is. Silent while somebody types. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  // Not state: the second key may come before a new drawing.
  const armed = useRef(false);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      // A dialog that was closed may keep the focus until the next frame.
      const typing = target?.isContentEditable || target?.closest("input, textarea, select, dialog[open]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "?") dialog.current?.showModal();
      if (event.key === "/") focusSearch(event);
      if (!armed.current)
        document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`)?.click();
      const goal = armed.current ? GO[event.key] : undefined;
      if (goal) window.location.assign(goal.href);
      armed.current = event.key === "g";
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  return (
    <dialog ref={dialog} className="desk-dialog" aria-labelledby="shortcuts-title">
      <h2 id="shortcuts-title">Keys</h2>
      <dl>
        {Object.entries(GO).map(([key, { label }]) => (
          <div key={key}>
            <dt>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
        {HERE.map(({ key, label }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>Search this list</dd>
        </div>
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>This list</dd>
        </div>
      </dl>
      <form method="dialog">
        <button type="submit" className="desk-quiet">
          Close
        </button>
      </form>
    </dialog>
  );
}

function focusSearch(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  if (!field) return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  field.focus();
  field.select();
}
