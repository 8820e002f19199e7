import { makeToken, readToken } from "@/lib/tokens";

/** What the receiver opens. Whoever holds it may redeem the gift, once; it signs nobody in and does not run out. */
export function giftUrl(giftId: string, { publicUrl }: { publicUrl: string }): string {
  return `${publicUrl}/gift/${makeToken("gift", giftId)}`;
}

/** The gift that a link names, or null for a forged one. */
export function readGiftToken(token: string, options: { now: Date }): string | null {
  return readToken("gift", token, options);
}

/** Names the order in the buyer's browser, before and after paying; it redeems nothing. */
export function makeOrderToken(giftId: string): string {
  return makeToken("gift-order", giftId);
}

export function readOrderToken(token: string, options: { now: Date }): string | null {
  return readToken("gift-order", token, options);
}
