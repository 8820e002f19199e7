/**
 * Compares what the ledger says with what the observer saw. Pure set algebra: it names every anomaly and excuses none.
 * What is wrong in itself stands in `anomalies`; what is only to be counted, beside it.
 */
import type { BodyLine, StartLine } from "./observer-log";

export type LedgerRow = {
  email: string;
  subscriberId: string;
  state: string;
  variant: string | null;
  messageId: string;
  attempt: number;
  code: number | null;
  enhanced: string | null;
  reply: string | null;
};

export type Unsubscribed = {
  email: string;
  /** Of `machineNow`, when the commit had been confirmed. */
  committedAt: number;
};

export type Evidence = {
  ledger: readonly LedgerRow[];
  /** Subscribers who were confirmed when the audience was frozen. */
  readers: number;
  /** What `Issue.audienceCount` says. */
  audienceCount: number | null;
  starts: readonly StartLine[];
  bodies: readonly BodyLine[];
  unsubscribed: readonly Unsubscribed[];
  /** Addresses that were listed as UNCERTAIN before somebody decided to mail them again. */
  resent: ReadonlySet<string>;
};

export type Anomalies = {
  /** Readers of the audience who got nothing, though their row is neither open, skipped, refused nor listed. */
  lost: string[];
  /** SENT in the ledger, and the server never took it. */
  falseSent: string[];
  /** Copies beyond the first outside the dot window: to readers who were never listed as UNCERTAIN. */
  duplicatedOutside: string[];
  /** Rows that nobody settled. */
  neverSettled: string[];
  /** FAILED or SKIPPED, and yet the server took it. */
  falseUnsent: string[];
  /** Bodies for somebody who is not in the audience, or for several at once. */
  wrongEnvelope: string[];
  /** Identifiers that differ from the ledger's, between copies, or that two readers share. */
  wrongMessageId: string[];
  /** Readers of whose copies two of one variant differ, or who had possibly one already and then were sent another. */
  changedBytes: string[];
  /** Transactions that began after the reader's unsubscribing was committed. */
  startedAfterLeaving: string[];
  /** More, or fewer, distinct bodies than variants were sent, or a body that belongs to another variant. */
  wrongBodies: string[];
  /** The readers, the audience's count and its rows are not equally many. */
  wrongCount: string[];
};

export type Verdict = {
  anomalies: Anomalies;
  /** How many there are of all kinds. */
  count: number;
  /** Copies beyond the first to readers who had been listed as UNCERTAIN. */
  duplicatedInWindow: number;
  states: Record<string, number>;
  taken: number;
  /** Transactions that began after their reader had left, and the longest time from the one to the other. */
  lateStarts: { count: number; longestMs: number };
  distinctBodies: number;
  variants: number;
};

const OPEN = new Set(["QUEUED", "SENDING", "DEFERRED"]);

export function check(evidence: Evidence): Verdict {
  const { ledger, resent } = evidence;
  const taken = evidence.bodies.filter((body) => body.taken);
  const byReader = groupBy(taken, (body) => body.to);
  const copies = (email: string) => byReader.get(email)?.length ?? 0;
  const emails = (rows: readonly LedgerRow[]) => rows.map((row) => row.email);
  const duplicated = ledger.filter((row) => copies(row.email) > 1);
  const late = lateStarts(evidence);
  const bodies = compareBodies(evidence, byReader);
  const anomalies: Anomalies = {
    lost: emails(
      ledger.filter((row) => row.state === "FAILED" && row.code === null && copies(row.email) === 0),
    ),
    falseSent: emails(ledger.filter((row) => row.state === "SENT" && copies(row.email) === 0)),
    duplicatedOutside: emails(duplicated.filter((row) => !resent.has(row.email))),
    neverSettled: emails(ledger.filter((row) => OPEN.has(row.state))),
    falseUnsent: emails(
      // Who was in doubt, was to get it again, and had left by then is skipped: that copy is not the one in doubt.
      ledger.filter(
        (row) =>
          copies(row.email) > 0 &&
          (row.state === "FAILED" || (row.state === "SKIPPED" && !resent.has(row.email))),
      ),
    ),
    wrongEnvelope: wrongEnvelopes(ledger, evidence.bodies),
    wrongMessageId: wrongMessageIds(ledger, evidence.bodies),
    changedBytes: [...groupBy(evidence.bodies, (body) => body.to)]
      .filter(([, group]) => differ(group))
      .map(([email]) => email),
    startedAfterLeaving: late.map(({ to }) => to),
    wrongBodies: bodies.wrong,
    wrongCount: wrongCounts(evidence),
  };
  return {
    anomalies,
    count: Object.values(anomalies).reduce((sum, found) => sum + found.length, 0),
    duplicatedInWindow: duplicated
      .filter((row) => resent.has(row.email))
      .reduce((sum, row) => sum + copies(row.email) - 1, 0),
    states: Object.fromEntries(
      [...groupBy(ledger, (row) => row.state)].map(([key, rows]) => [key, rows.length]),
    ),
    taken: taken.length,
    lateStarts: { count: late.length, longestMs: Math.max(0, ...late.map(({ ms }) => ms)) },
    distinctBodies: bodies.distinct,
    variants: bodies.variants,
  };
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function wrongCounts({ readers, audienceCount, ledger }: Evidence): string[] {
  const counts = [readers, audienceCount, ledger.length];
  return new Set(counts).size === 1 ? [] : [counts.join(" ≠ ")];
}

function wrongEnvelopes(ledger: readonly LedgerRow[], bodies: readonly BodyLine[]): string[] {
  const audience = new Set(ledger.map((row) => row.email));
  return bodies.filter((body) => body.recipients !== 1 || !audience.has(body.to)).map((body) => body.to);
}

function wrongMessageIds(ledger: readonly LedgerRow[], bodies: readonly BodyLine[]): string[] {
  const expected = new Map(ledger.map((row) => [row.email, row.messageId]));
  const wrong = bodies.filter((body) => body.messageId !== expected.get(body.to)).map((body) => body.to);
  const shared = [...groupBy(ledger, (row) => row.messageId).values()].filter((rows) => rows.length > 1);
  return [...new Set(wrong), ...shared.flat().map((row) => row.email)];
}

/**
 * What was refused counts like what was taken: a retry is the same message again. A reader whose entitlement changed
 * between two attempts may get the other variant, but only while no earlier copy can have arrived.
 */
function differ(copies: readonly BodyLine[]): boolean {
  const inOrder = [...copies].sort((left, right) => left.at - right.at);
  const firstTaken = inOrder.findIndex((body) => body.taken);
  const afterTaken = firstTaken < 0 ? [] : inOrder.slice(firstTaken);
  return [afterTaken, ...groupBy(copies, (body) => body.masked).values()].some(
    (same) => new Set(same.map((body) => body.whole)).size > 1,
  );
}

/**
 * Rows that were sent once say which body belongs to which variant; there must be one for each, and none beside them,
 * not even one that was refused.
 */
function compareBodies({ ledger, bodies }: Evidence, byReader: ReadonlyMap<string, BodyLine[]>) {
  const single = ledger.flatMap((row) => {
    const [body, ...more] = byReader.get(row.email) ?? [];
    return row.state === "SENT" && body && more.length === 0
      ? [{ variant: row.variant ?? "none", masked: body.masked }]
      : [];
  });
  const variants = groupBy(single, (one) => one.variant);
  const wrong: string[] = [];
  const owner = new Map<string, string>();
  for (const [variant, group] of variants) {
    const hashes = [...groupBy(group, (one) => one.masked)].sort(
      (left, right) => right[1].length - left[1].length,
    );
    for (const [at, [masked, same]] of hashes.entries()) {
      if (at > 0) wrong.push(`${variant}: ${same.length} with another body`);
      if (owner.has(masked)) wrong.push(`${variant}: the body of ${owner.get(masked)}`);
      owner.set(masked, variant);
    }
  }
  const strays = bodies.filter((body) => !body.taken && owner.size > 0 && !owner.has(body.masked));
  if (strays.length > 0) wrong.push(`${strays.length} refused with the body of no variant`);
  const distinct = new Set(bodies.map((body) => body.masked)).size;
  return { wrong, distinct, variants: variants.size };
}

/** How long after its reader had left each transaction began, where it did. */
function lateStarts({ starts, unsubscribed }: Evidence): { to: string; ms: number }[] {
  const leftAt = new Map(unsubscribed.map(({ email, committedAt }) => [email, committedAt]));
  return starts
    .map(({ to, mailAt }) => ({ to, ms: mailAt - (leftAt.get(to) ?? Number.POSITIVE_INFINITY) }))
    .filter(({ ms }) => ms > 0);
}
