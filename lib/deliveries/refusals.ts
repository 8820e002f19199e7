/**
 * Decides when refusals that are about us stop an issue, and when only one receiving domain is left alone for a while.
 * At once where no other message can fare better. Else, as long as other domains take the issue, one that refuses five in
 * a row rests, and the issue stops only when many domains do, and they are a good part of what was answered. Where nobody
 * else takes it, it stops after five in a row, or twenty within a minute. Each worker counts what it sees itself.
 */
import type { Outcome } from "./outcome";
import { createTally, type Tally } from "./pace/tally";

export type Refusals = {
  /** What stops now. `domain` is the receiving one; `nowMs` is any clock that only goes forward. */
  note(answer: {
    issueId: string;
    domain: string;
    outcome: Outcome;
    nowMs: number;
  }): "issue" | "domain" | null;
};

const IN_A_ROW = 5;
const IN_A_WINDOW = 20;
const WINDOW_MS = 60_000;
/** One refusal to so many that were taken. */
const GOOD_PART = 4;
/** Of those that took something last; enough to find one among them that does not refuse. */
const DOMAINS_KEPT = 50;

type Seen = {
  inARow: number;
  refusing: Map<string, { inARow: number; moments: number[] }>;
  taking: Map<string, number>;
  taken: Tally;
};

export function createRefusals(): Refusals {
  const byIssue = new Map<string, Seen>();
  return {
    note({ issueId, domain, outcome, nowMs }) {
      const seen = byIssue.get(issueId) ?? emptySeen();
      byIssue.set(issueId, seen);
      if (outcome.settle.state === "SENT") noteTaken(seen, domain, nowMs);
      if (outcome.aboutUs === null) return null;
      const inARow = noteRefused(seen, domain, nowMs);
      if (outcome.aboutUs === "at-once" || isToStop(seen, { inARow, nowMs })) {
        byIssue.delete(issueId);
        return "issue";
      }
      return inARow >= IN_A_ROW ? "domain" : null;
    },
  };
}

function emptySeen(): Seen {
  return { inARow: 0, refusing: new Map(), taking: new Map(), taken: createTally(WINDOW_MS) };
}

function noteTaken(seen: Seen, domain: string, nowMs: number): void {
  seen.inARow = 0;
  seen.taken.add(nowMs);
  const refused = seen.refusing.get(domain);
  if (refused) refused.inARow = 0;
  seen.taking.delete(domain);
  seen.taking.set(domain, nowMs);
  if (seen.taking.size <= DOMAINS_KEPT) return;
  for (const oldest of seen.taking.keys()) {
    seen.taking.delete(oldest);
    return;
  }
}

/** How many in a row this domain refused. */
function noteRefused(seen: Seen, domain: string, nowMs: number): number {
  seen.inARow += 1;
  for (const [each, { moments }] of seen.refusing)
    if ((moments.at(-1) ?? 0) <= nowMs - WINDOW_MS && each !== domain) seen.refusing.delete(each);
  const refused = seen.refusing.get(domain) ?? { inARow: 0, moments: [] };
  refused.inARow += 1;
  refused.moments = [...refused.moments, nowMs]
    .filter((moment) => moment > nowMs - WINDOW_MS)
    .slice(-IN_A_WINDOW);
  seen.refusing.set(domain, refused);
  return refused.inARow;
}

function isToStop(seen: Seen, { inARow, nowMs }: { inARow: number; nowMs: number }): boolean {
  const counts = [...seen.refusing.values()].map(({ moments }) => moments.length);
  const refused = sum(counts);
  const othersTake = [...seen.taking].some(
    ([domain, atMs]) => atMs > nowMs - WINDOW_MS && !seen.refusing.has(domain),
  );
  if (!othersTake) return Math.max(seen.inARow, inARow) >= IN_A_ROW || refused >= IN_A_WINDOW;
  // A single domain, however large, is as good as five refusals.
  const byMany = sum(counts.map((count) => Math.min(count, IN_A_ROW)));
  return byMany >= IN_A_WINDOW && refused * GOOD_PART >= seen.taken.perWindow(nowMs);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
