/** How a sending stands, computed from its rows alone. Pure: "finished" is never stored, so it cannot be wrong. */
import type { DeliveryState } from "@/prisma/generated/enums";

export type StateCounts = Record<DeliveryState, number>;

export type SendingProgress =
  | { stage: "not-started" }
  | ({ stage: "sending" | "paused" | "waiting" | "finished" } & Figures);

type Figures = {
  audience: number;
  counts: StateCounts;
  /** Rows that still lead somewhere by themselves. */
  open: number;
  /** 0 to 1. */
  share: number;
  /** As fast as of late; 0 where nothing was sent. */
  perMinute: number;
  minutesLeft: number | null;
  /** Queued rows whose turn is not yet: their domain takes no more now, or a limit is reached. The first of them in `minutes`. */
  later: Later | null;
  pausedReason: string | null;
  /** Why nothing goes out at this moment, though nobody paused it. */
  mailTrouble: string | null;
};

export type Later = { count: number; minutes: number };

export function sendingProgress(facts: {
  audienceFrozen: boolean;
  paused: { reason: string } | null;
  counts: StateCounts;
  later: Later | null;
  /** What is wrong with the mail server where no worker can hand it anything. */
  mailTrouble: string | null;
  /** Mails sent within the last minute, and how many seconds ago the first of them was: a sending begins in its midst. */
  lately: { sent: number; seconds: number };
}): SendingProgress {
  if (!facts.audienceFrozen) return { stage: "not-started" };
  const { counts, lately, later } = facts;
  const perMinute = Math.round((lately.sent * 60) / Math.max(lately.seconds, 1));
  const audience = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const open = counts.QUEUED + counts.SENDING + counts.DEFERRED;
  const queued = counts.QUEUED + counts.SENDING;
  const soon = queued - (later?.count ?? 0);
  const stage = open === 0 ? "finished" : facts.paused ? "paused" : soon <= 0 ? "waiting" : "sending";
  const mailTrouble = stage === "sending" ? facts.mailTrouble : null;
  return {
    stage,
    audience,
    counts,
    open,
    share: audience === 0 ? 1 : (audience - open) / audience,
    perMinute,
    minutesLeft: stage === "sending" && !mailTrouble && perMinute > 0 ? Math.ceil(queued / perMinute) : null,
    later: stage === "sending" || stage === "waiting" ? later : null,
    pausedReason: facts.paused?.reason ?? null,
    mailTrouble,
  };
}
