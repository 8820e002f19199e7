"use client";

import { useEffect, useRef } from "react";
import { Notice, type NoticeTone } from "@/app/_components/notice";

/**
 * What an action did, said once: the address forgets it, so that a reload or a bookmark does not say it again. The button
 * that was pressed is often gone, so the focus comes here.
 */
export function DoneNotice({ tone = "success", children }: { tone?: NoticeTone; children: string }) {
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const here = new URL(window.location.href);
    here.searchParams.delete("done");
    here.searchParams.delete("undo");
    if (here.href === window.location.href) return;
    window.history.replaceState(window.history.state, "", here);
    notice.current?.focus();
  });
  return (
    <div ref={notice} tabIndex={-1}>
      <Notice tone={tone}>{children}</Notice>
    </div>
  );
}
