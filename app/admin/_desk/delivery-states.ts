import type { StateCounts } from "@/lib/deliveries/progress";

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

/** What the mail server said last, or why nothing was sent. Compacting an old ledger drops its words to what it took. */
export function answerInWords(row: {
  state: DeliveryStateName;
  reply: string | null;
  past: boolean;
}): string {
  if (row.reply !== null) return row.reply;
  return row.past && row.state === "SENT" ? "taken; the words were not kept so long" : "";
}
