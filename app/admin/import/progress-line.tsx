import type { Progress } from "./use-import";

/** How far a long piece of work is, told aloud as well. */
export function ProgressLine({ progress, label }: { progress: Progress | null; label: string }) {
  return (
    <div aria-live="polite">
      {progress && (
        <div className="grid gap-1">
          <progress className="h-2 w-full" max={1} value={progress.share} aria-label={label} />
          <p className="desk-soft">{progress.words}</p>
        </div>
      )}
    </div>
  );
}
