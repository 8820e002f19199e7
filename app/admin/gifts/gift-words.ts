import type { DeskGift, DeskGiftState } from "@/lib/memberships/gifts/queries";

const STATES: Readonly<Record<DeskGiftState, [words: string, tone: string]>> = {
  waiting: ["not redeemed", "plain"],
  redeemed: ["redeemed", "good"],
  held: ["disputed", "bad"],
  returned: ["given back", "plain"],
};

export function giftStateInWords(state: DeskGiftState): string {
  return STATES[state][0];
}

export function giftStateTone(state: DeskGiftState): string {
  return STATES[state][1];
}

/** Who passes it on, and how far its mail came. */
export function wayInWords({ mailsReceiver, mails }: Pick<DeskGift, "mailsReceiver" | "mails">): string {
  if (mails.receiver !== null) return `gift mail ${mailInWords(mails.receiver)}`;
  if (mails.buyer !== null) return `link to the buyer ${mailInWords(mails.buyer)}`;
  return mailsReceiver ? "mailed by us" : "passed on by the buyer";
}

function mailInWords(state: string): string {
  return state === "SENDING" ? "queued" : state.toLowerCase();
}
