"use client";

import { useEffect, useLayoutEffect, useRef } from "react";
import { Notice, type NoticeTone } from "@/app/_components/notice";

/**
 * What an action did, said once: the address forgets it, so that a reload or a bookmark does not say it again. The button
 * that was pressed is often gone, so the focus comes here.
 */
export function DoneNotice({ tone = "success", children }: { tone?: NoticeTone; children: string }) {
  const notice = useRef<HTMLDivElement>(null);
  const hadFocus = useRef(false);
  useEffect(() => {
    const here = new URL(window.location.href);
    here.searchParams.delete("done");
    here.searchParams.delete("undo");
    if (here.href === window.location.href) return;
    window.history.replaceState(window.history.state, "", here);
    // The page is drawn again while a sending goes on, and whoever reads it has gone on, too.
    if (!hadFocus.current) notice.current?.focus();
    hadFocus.current = true;
  });
  useLayoutEffect(() => {
    const { current } = notice;
    return () => {
      if (current?.contains(document.activeElement))
        current.closest<HTMLElement>("main")?.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div ref={notice} tabIndex={-1}>
      <Notice tone={tone}>{children}</Notice>
    </div>
  );
}
