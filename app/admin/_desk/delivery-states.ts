import type { StateCounts } from "@/lib/deliveries/progress";
import { shortMoment } from "./moment";

export type DeliveryStateName = keyof StateCounts;

/** In the order in which charts and filters show them. */
export const DELIVERY_STATES = [
  "SENT",
  "SENDING",
  "QUEUED",
  "DEFERRED",
  "UNCERTAIN",
  "FAILED",
  "SKIPPED",
] as const satisfies readonly DeliveryStateName[];

const WORDS: Readonly<Record<DeliveryStateName, string>> = {
  SENT: "sent",
  SENDING: "being sent",
  QUEUED: "to go",
  DEFERRED: "waiting for another try",
  UNCERTAIN: "uncertain",
  FAILED: "failed",
  SKIPPED: "skipped",
};

export function stateInWords(state: DeliveryStateName): string {
  return WORDS[state];
}

export const STATE_COLOURS: Readonly<Record<DeliveryStateName, string>> = {
  SENT: "var(--good)",
  SENDING: "color-mix(in srgb, var(--good) 55%, var(--line))",
  QUEUED: "var(--line)",
  DEFERRED: "color-mix(in srgb, var(--accent) 45%, var(--line))",
  UNCERTAIN: "var(--ink-soft)",
  FAILED: "var(--bad)",
  SKIPPED: "color-mix(in srgb, var(--ink-soft) 45%, var(--paper))",
};

/** Colour of a state's tag where a list shows it. */
export function stateTone(state: DeliveryStateName): "good" | "bad" | "plain" {
  if (state === "SENT") return "good";
  return state === "FAILED" || state === "UNCERTAIN" ? "bad" : "plain";
}

/** What a copy holds. Of an open issue everybody gets the whole (`variantHeld`). */
export function copyInWords(held: "WHOLE" | "TEASER"): string {
  return held === "WHOLE" ? "the whole issue" : "the free part";
}

type Zone = { language: string; timeZone: string; now?: Date };

/** What the mail server said last, or why nothing was sent. Compacting an old ledger drops its words to what it took. */
export function answerInWords(
  row: { state: DeliveryStateName; reply: string | null; past: boolean },
  zone: Zone,
): string {
  if (row.reply !== null) return replyInWords(row.state, row.reply, zone);
  return row.past && row.state === "SENT" ? "taken; the words were not kept so long" : "";
}

const MOMENT_AT_THE_END = /(?<= )\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** Why we skipped somebody is kept with its moment, by which it is found again; a mail server's words are its own. */
export function replyInWords(state: string, reply: string, zone: Zone): string {
  if (state !== "SKIPPED") return reply;
  return reply.replace(MOMENT_AT_THE_END, (moment) => shortMoment(new Date(moment), zone));
}

/** From when on whoever waits is tried again. */
export function nextTryInWords(at: Date, { paused, ...zone }: Zone & { paused: boolean }): string {
  return paused ? "once sending goes on" : `from ${shortMoment(at, zone)}`;
}
