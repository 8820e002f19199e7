"use client";

import { useEffect, useState } from "react";
import type { SendingProgress } from "@/lib/deliveries/progress";
import { ProgressBar } from "./progress-bar";

const EVERY_MS = 1_500;

/** The bar, asked for again while something moves. Without JavaScript it shows the state when the page was drawn. */
export function LiveProgress({ issueId, initial }: { issueId: string; initial: SendingProgress }) {
  const [progress, setProgress] = useState(initial);
  const [lost, setLost] = useState(false);
  const moving = progress.stage !== "finished";

  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(async () => {
      try {
        const response = await fetch(`/admin/issues/${issueId}/progress`, { cache: "no-store" });
        if (!response.ok) throw new Error(String(response.status));
        setProgress(await response.json());
        setLost(false);
      } catch {
        setLost(true);
      }
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [issueId, moving]);

  return (
    <div aria-live="polite">
      <ProgressBar progress={progress} />
      {lost && <p className="desk-soft">No answer from the server; trying again.</p>}
    </div>
  );
}
