import type { Outcome } from "./outcome";

/**
 * Decides when refusals that are about us stop an issue: at once where no other message can fare better, after five in
 * a row, or after twenty within a minute. One receiver who dislikes us stops nothing.
 */
export type Refusals = {
  /** True where the issue is to be paused now. `nowMs` is any clock that only goes forward. */
  note(issueId: string, outcome: Outcome, nowMs: number): boolean;
};

const IN_A_ROW = 5;
const IN_A_WINDOW = 20;
const WINDOW_MS = 60_000;

export function createRefusals(): Refusals {
  const byIssue = new Map<string, { inARow: number; moments: number[] }>();
  return {
    note(issueId, outcome, nowMs) {
      const seen = byIssue.get(issueId) ?? { inARow: 0, moments: [] };
      byIssue.set(issueId, seen);
      if (outcome.settle.state === "SENT") seen.inARow = 0;
      if (outcome.aboutUs === null) return false;
      seen.inARow += 1;
      seen.moments = [...seen.moments.filter((moment) => moment > nowMs - WINDOW_MS), nowMs];
      const pause =
        outcome.aboutUs === "at-once" || seen.inARow >= IN_A_ROW || seen.moments.length >= IN_A_WINDOW;
      if (pause) byIssue.delete(issueId);
      return pause;
    },
  };
}
