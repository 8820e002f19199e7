import type { MoveInPart, MoveInRow } from "@/lib/memberships/move-in-queries";
import { formatDate } from "@/lib/publication/format";

export const PART_NAMES: Readonly<Record<MoveInPart, string>> = {
  decisions: "Need a decision",
  proposals: "Proposed",
  waiting: "Not looked up",
  moved: "Moved in",
  guests: "Guests",
  left: "Free readers",
};

export const EMPTY: Readonly<Record<MoveInPart | "all", string>> = {
  all: "No list that was imported names somebody who paid or was given a membership. Import one first.",
  decisions: "Nobody needs a decision.",
  proposals: "No proposal is open.",
  waiting: "Everybody was looked up at Stripe.",
  moved: "Nobody has been moved in yet.",
  guests: "Nobody of the list reads as a guest.",
  left: "Nobody of the list was left as a free reader.",
};

/** What an action did, by the word that the address carries. */
export const DONE: Readonly<Record<string, string>> = {
  moved: "Moved in. Nobody was charged or mailed.",
  guest: "They read everything until the day that was paid for.",
  left: "They stay a free reader.",
  undone: "Taken back. Decide again when you know more.",
};

/** `yearly, paid until 1 March 2027`. */
export function listedInWords(row: MoveInRow, options: { language: string; timeZone: string }): string {
  const { kind, plan, paidUntil } = row;
  const given = kind === "COMP" ? "comped" : kind === "GIFT" ? "gifted" : plan || "free";
  if (paidUntil) return `${given}, until ${formatDate(paidUntil, options)}`;
  return kind === "COMP" ? `${given}, for life` : given;
}

const STATE_WORDS: Readonly<Record<MoveInRow["state"], string>> = {
  WAITING: "not looked up",
  PROPOSED: "proposed",
  UNDECIDED: "needs a decision",
  MOVING: "half moved",
  MOVED: "moved in",
  GUEST: "guest",
  LEFT: "free reader",
};

export function stateInWords({ state }: MoveInRow): { words: string; tone: "good" | "bad" | "plain" } {
  const tone = state === "MOVED" || state === "GUEST" ? "good" : state === "UNDECIDED" ? "bad" : "plain";
  return { words: STATE_WORDS[state], tone };
}
