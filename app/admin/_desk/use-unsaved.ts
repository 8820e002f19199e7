"use client";

import { type RefObject, useEffect, useRef, useState } from "react";

type Unsaved = {
  form: RefObject<HTMLFormElement | null>;
  /** False until the page is alive: what is typed before would be lost, so forms wait for it. */
  ready: boolean;
  /** True where something was typed since the last save was sent. */
  dirty: boolean;
  /** For the form's `onChange` and `onSubmit`. */
  onChange: () => void;
  onSubmit: () => void;
};

/** A form that saves with Ctrl+S and asks before somebody leaves it with words that are not saved. */
export function useUnsaved({ isRefused }: { isRefused: boolean }): Unsaved {
  const [ready, setReady] = useState(false);
  const [touched, setTouched] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const dirty = touched || isRefused;

  useEffect(() => setReady(true), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
      event.preventDefault();
      form.current?.requestSubmit();
    };
    const onLeave = (event: BeforeUnloadEvent) => {
      if (dirty) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener("beforeunload", onLeave);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("beforeunload", onLeave);
    };
  }, [dirty]);
  return {
    form,
    ready,
    dirty,
    onChange: () => setTouched(true),
    onSubmit: () => setTouched(false),
  };
}
