import type { Later, SendingProgress } from "@/lib/deliveries/progress";
import { DELIVERY_STATES, STATE_COLOURS, stateInWords } from "./delivery-states";

type Begun = Exclude<SendingProgress, { stage: "not-started" }>;

/** How a sending stands, as a bar and in words. SENT means that the mail server took it; more cannot be known. */
export function ProgressBar({ progress }: { progress: SendingProgress }) {
  if (progress.stage === "not-started") {
    return <p role="status">Its moment has come. The worker takes it over within a minute.</p>;
  }
  const percent = Math.floor(progress.share * 100);
  return (
    <div className="grid gap-2">
      <p className="flex justify-between gap-4">
        <strong role="status">{headline(progress)}</strong>
        {!(progress.stage === "finished" && progress.counts.SENT < progress.audience) && (
          <span>{percent}%</span>
        )}
      </p>
      <progress className="sr-only" max={100} value={percent} aria-label="Share of readers settled">
        {percent}%
      </progress>
      <Shares progress={progress} />
      {progress.stage === "sending" && progress.perMinute > 0 && (
        <p className="desk-soft">
          {progress.perMinute.toLocaleString("en")} a minute
          {progress.minutesLeft !== null && `, about ${progress.minutesLeft} min left`}
        </p>
      )}
      {progress.later && <p className="desk-soft">{laterInWords(progress.later)}</p>}
      {progress.mailTrouble && (
        <p className="desk-finding-stop">
          The mail server cannot be used at this moment: “{progress.mailTrouble}”. It is asked again every few
          seconds; what waits goes out by itself then.
        </p>
      )}
      {progress.stage !== "finished" && progress.pausedReason && (
        <p className="desk-finding-stop">{progress.pausedReason}</p>
      )}
    </div>
  );
}

export function laterInWords({ count, minutes }: Later): string {
  const who = count === 1 ? "1 of them waits" : `${count.toLocaleString("en")} of them wait`;
  return `${who} for another ${minutes} min at least: their mail provider, or a limit of yours, takes no more at this moment.`;
}

function Shares({ progress: { counts, audience } }: { progress: Begun }) {
  const present = DELIVERY_STATES.filter((state) => counts[state] > 0);
  return (
    <>
      <div className="desk-bar-chart" aria-hidden="true">
        {present.map((state) => (
          <span
            key={state}
            style={{
              width: `${(counts[state] / Math.max(1, audience)) * 100}%`,
              background: STATE_COLOURS[state],
            }}
          />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-4">
        {present.map((state) => (
          <li key={state} className="inline-flex items-center gap-1.5">
            <span className="desk-dot" style={{ background: STATE_COLOURS[state] }} />
            {counts[state].toLocaleString("en")} {stateInWords(state)}
          </li>
        ))}
      </ul>
    </>
  );
}

export function headline(progress: Pick<Begun, "stage" | "audience" | "counts">): string {
  const { SENT: sent } = progress.counts;
  const readers = `${progress.audience.toLocaleString("en")} ${progress.audience === 1 ? "reader" : "readers"}`;
  switch (progress.stage) {
    case "finished":
      return `Sent to ${sent < progress.audience ? `${sent.toLocaleString("en")} of ` : ""}${readers}`;
    case "paused":
      return `Paused, of ${readers}`;
    case "waiting":
      return `Waiting to try again, of ${readers}`;
    case "sending":
      return `Sending to ${readers}`;
  }
}
