import type { StateCounts } from "./progress";

/** How many rows stand in each state: none but `some`. */
export function counts(some: Partial<StateCounts> = {}): StateCounts {
  return { QUEUED: 0, SENDING: 0, SENT: 0, DEFERRED: 0, FAILED: 0, UNCERTAIN: 0, SKIPPED: 0, ...some };
}
