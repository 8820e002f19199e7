import { maskPersonalText } from "@/lib/log";
import type { SendResult } from "@/lib/mail/mailer";
import { refusesUs } from "./bounces/classify";

/**
 * What one answer of the mail server means for a delivery and for the whole issue. Pure. A refusal that is about us
 * (login, sender, reputation) is never held against the reader: their delivery waits.
 */
export type Outcome = {
  settle: Settlement;
  /** `at-once` stops the issue; `if-many` counts, since one receiver may simply dislike us. */
  aboutUs: "at-once" | "if-many" | null;
  /** The connection or the server is in trouble: whoever sends waits a little before the next message. */
  backOff: boolean;
  /**
   * Who cannot bear so much: our mail server so many messages, or so many connections of us (or it is away); or the
   * domain that this one was for.
   */
  busy: "server" | "connections" | "domain" | null;
};

export type Settlement =
  | { state: "SENT"; reply: string }
  | { state: "FAILED"; reply: string; code: number | null; enhanced: string | null }
  | { state: "DEFERRED"; reply: string; code: number; enhanced: string | null; waitSeconds: number }
  /** Nothing was tried with this reader's address: back to where it was, soon, without counting. */
  | { state: "QUEUED"; reply: string | null; waitSeconds: number }
  | { state: "UNCERTAIN"; reply: string }
  | { state: "SKIPPED"; reply: string };

const MINUTE = 60;
/** RFC 5321 4.5.4.1 wants patience: quick at first for greylisting, then every two hours. */
const WAITS = [5, 15, 30, 60].map((minutes) => minutes * MINUTE);
const LAST_WAIT = 120 * MINUTE;
const PATIENCE = 72 * 60 * MINUTE;
/** Before what could not be tried is tried, in seconds. */
export const BREATH = 10;
/** How the reply of a delivery begins that was tried for as long as it may be: its reason may have passed since. */
export const GAVE_UP = "gave up after 72 hours: ";
/** The same of one that failed on our side, before anything left. */
export const NOT_WRITTEN = "could not be written: ";

/** `deferrals` counts the waits that this delivery has behind it. */
export function outcomeOf(result: SendResult, deferrals: number): Outcome {
  switch (result.kind) {
    case "accepted":
      return { ...CALM, settle: { state: "SENT", reply: result.reply } };
    case "uncertain":
      return { ...CALM, settle: { state: "UNCERTAIN", reply: result.reason }, backOff: true };
    case "unreachable":
      return { ...CALM, settle: requeued(result.reason), backOff: true, busy: "connections" };
    case "not-begun":
    case "withheld":
      return { ...CALM, settle: requeued(null), backOff: true };
    case "refused":
      return { ...refusal(result, deferrals), busy: whoIsBusy(result) };
  }
}

/** Of a copy that could not be made, for a reason that will be the same next time. */
export function unwritable(error: unknown): Settlement {
  const words = error instanceof Error ? error.message : String(error);
  return {
    state: "FAILED",
    reply: maskPersonalText(`${NOT_WRITTEN}${words}`).slice(0, 300),
    code: null,
    enhanced: null,
  };
}

const CALM = { aboutUs: null, backOff: false, busy: null } as const;

type Refusal = Extract<SendResult, { kind: "refused" }>;

function refusal(result: Refusal, deferrals: number): Omit<Outcome, "busy"> {
  const { stage, code, reply } = result;
  // Before a reader was named, a lasting no (RFC 5321 3.1: 554 for "no service here") can only be meant for us.
  if (stage === "connection" || stage === "login") {
    return { settle: requeued(reply), aboutUs: code >= 500 ? "at-once" : null, backOff: true };
  }
  if (code < 500) return { ...CALM, settle: deferred(result, deferrals), backOff: code === 421 };
  if (stage === "sender") return { settle: deferred(result, deferrals), aboutUs: "at-once", backOff: true };
  if (isAboutUs(result)) {
    return { settle: deferred(result, deferrals), aboutUs: "if-many", backOff: false };
  }
  return { ...CALM, settle: { state: "FAILED", reply, code, enhanced: result.enhanced } };
}

/**
 * What is refused before a sender was named is the connection. 421 and refusals of the sender come from our own mail
 * server, and 454 after the login too: with it Amazon SES tells of its maximum send rate ("Throttling failure"). 4.7.x of
 * a recipient, such as Gmail's 4.7.28, comes from theirs.
 */
function whoIsBusy({ stage, code, enhanced }: Refusal): Outcome["busy"] {
  if (code >= 500) return null;
  if (stage === "connection" || stage === "login") return "connections";
  if (code === 421 || code === 454 || stage === "sender") return "server";
  return enhanced?.startsWith("4.7.") ? "domain" : null;
}

/** 530, 535 and 538 ask who we are (RFC 4954 6); else the refusal's code, or its words, speak of policy. */
function isAboutUs({ code, enhanced, reply }: Refusal): boolean {
  if (code === 530 || code === 535 || code === 538) return true;
  return refusesUs({ code, status: enhanced, words: reply });
}

function requeued(reply: string | null): Settlement {
  return { state: "QUEUED", reply, waitSeconds: BREATH };
}

function deferred(result: Refusal, deferrals: number): Settlement {
  const { code, enhanced, reply } = result;
  if (waitedSeconds(deferrals) >= PATIENCE) {
    return { state: "FAILED", reply: `${GAVE_UP}${reply}`, code, enhanced };
  }
  return { state: "DEFERRED", reply, code, enhanced, waitSeconds: WAITS[deferrals] ?? LAST_WAIT };
}

function waitedSeconds(deferrals: number): number {
  const early = WAITS.slice(0, deferrals).reduce((sum, wait) => sum + wait, 0);
  return early + Math.max(0, deferrals - WAITS.length) * LAST_WAIT;
}
