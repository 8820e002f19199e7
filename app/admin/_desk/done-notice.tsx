"use client";

import { useEffect } from "react";
import { Notice, type NoticeTone } from "@/app/_components/notice";

/** What an action did, said once: the address forgets it, so that a reload or a bookmark does not say it again. */
export function DoneNotice({ tone = "success", children }: { tone?: NoticeTone; children: string }) {
  useEffect(() => {
    const here = new URL(window.location.href);
    here.searchParams.delete("done");
    here.searchParams.delete("undo");
    if (here.href !== window.location.href) window.history.replaceState(window.history.state, "", here);
  });
  return <Notice tone={tone}>{children}</Notice>;
}
