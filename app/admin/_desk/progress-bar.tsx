import type { SendingProgress } from "@/lib/deliveries/progress";

const LABELS = [
  ["SENT", "sent"],
  ["DEFERRED", "waiting for another try"],
  ["FAILED", "failed"],
  ["UNCERTAIN", "uncertain"],
  ["SKIPPED", "skipped"],
] as const;

/** How a sending stands, as a bar and in words. SENT means that the mail server took it; more cannot be known. */
export function ProgressBar({ progress }: { progress: SendingProgress }) {
  if (progress.stage === "not-started") return <p>Sending has not begun.</p>;
  const percent = Math.floor(progress.share * 100);
  return (
    <div className="grid gap-2">
      <p>
        <strong>{headline(progress)}</strong>
      </p>
      <progress className="h-2 w-full" max={100} value={percent} aria-label="Share of readers settled">
        {percent}%
      </progress>
      <p className="flex flex-wrap gap-x-4">
        {LABELS.filter(([state]) => state === "SENT" || progress.counts[state] > 0).map(([state, label]) => (
          <span key={state}>
            {progress.counts[state].toLocaleString("en")} {label}
          </span>
        ))}
        {progress.open > 0 && <span>{progress.open.toLocaleString("en")} to go</span>}
      </p>
      {progress.stage === "sending" && progress.perMinute > 0 && (
        <p className="desk-soft">
          {progress.perMinute.toLocaleString("en")} in the last minute
          {progress.minutesLeft !== null && `, about ${progress.minutesLeft} min left`}
        </p>
      )}
      {progress.pausedReason && <p className="desk-finding-stop">{progress.pausedReason}</p>}
    </div>
  );
}

function headline(progress: Exclude<SendingProgress, { stage: "not-started" }>): string {
  const readers = `${progress.audience.toLocaleString("en")} readers`;
  switch (progress.stage) {
    case "finished":
      return `Sent to ${readers}`;
    case "paused":
      return `Paused, of ${readers}`;
    case "waiting":
      return `Waiting to try again, of ${readers}`;
    case "sending":
      return `Sending to ${readers}`;
  }
}
