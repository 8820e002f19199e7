"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { SendingProgress } from "@/lib/deliveries/progress";
import { ProgressBar } from "./progress-bar";

const EVERY_MS = 1_500;

/**
 * The bar, asked for again while something moves and somebody looks. When a stage begins or ends, the rest of the page
 * is drawn anew. Without JavaScript it shows the state when the page was drawn.
 */
export function LiveProgress({ issueId, initial }: { issueId: string; initial: SendingProgress }) {
  const router = useRouter();
  const [progress, setProgress] = useState(initial);
  const [trouble, setTrouble] = useState<string | null>(null);
  const { stage } = progress;

  useEffect(() => {
    if (stage === "finished") return;
    const timer = setInterval(async () => {
      if (document.hidden) return;
      try {
        const response = await fetch(`/admin/issues/${issueId}/progress`, { cache: "no-store" });
        if (response.status === 401)
          return setTrouble("You are signed out. Sign in again to go on watching.");
        if (!response.ok) throw new Error(String(response.status));
        const next: SendingProgress = await response.json();
        setProgress(next);
        setTrouble(null);
        if (next.stage !== stage) router.refresh();
      } catch {
        setTrouble("No answer from the server; trying again.");
      }
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [issueId, stage, router]);

  return (
    <div>
      <ProgressBar progress={progress} />
      <p role="status" className="desk-soft">
        {trouble}
      </p>
    </div>
  );
}
