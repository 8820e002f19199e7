"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { SendingProgress } from "@/lib/deliveries/progress";
import { pageIsBehind } from "./page-behind";
import { ProgressBar } from "./progress-bar";

const EVERY_MS = 1_500;

/**
 * The bar, asked for again while something moves and somebody looks. When a stage begins or ends, or there is more to say
 * than numbers, the rest of the page is drawn anew around what is typed, open or in focus. Without JavaScript it shows the
 * state when the page was drawn.
 */
export function LiveProgress({ issueId, drawn }: { issueId: string; drawn: SendingProgress }) {
  const router = useRouter();
  const [heard, setHeard] = useState({ after: drawn, progress: drawn });
  const [trouble, setTrouble] = useState<string | null>(null);
  // A page that was drawn anew knows more than what was heard before it.
  const progress = heard.after === drawn ? heard.progress : drawn;
  const { stage } = progress;

  useEffect(() => {
    if (stage === "finished") return;
    let drawnAtMs = performance.now();
    const timer = setInterval(async () => {
      if (document.hidden) return;
      try {
        const response = await fetch(`/admin/issues/${issueId}/progress`, { cache: "no-store" });
        if (response.status === 401)
          return setTrouble("You are signed out. Sign in again to go on watching.");
        if (!response.ok) throw new Error(String(response.status));
        const next: SendingProgress = await response.json();
        setHeard({ after: drawn, progress: next });
        setTrouble(null);
        if (!pageIsBehind(drawn, next, performance.now() - drawnAtMs)) return;
        drawnAtMs = performance.now();
        router.refresh();
      } catch {
        setTrouble("No answer from the server; trying again.");
      }
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [issueId, stage, drawn, router]);

  return (
    <div>
      <ProgressBar progress={progress} />
      <p role="status" className="desk-soft">
        {trouble}
      </p>
    </div>
  );
}
