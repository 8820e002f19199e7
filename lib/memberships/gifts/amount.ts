import type { PublicationSettings } from "@/lib/publication/queries";

/** How long a gift may be. */
export const GIFT_MONTHS = [3, 6, 12] as const;
export type GiftMonths = (typeof GIFT_MONTHS)[number];

type Prices = Pick<PublicationSettings, "priceCents" | "yearlyPriceCents">;

/** What a gift costs, in the currency's smallest unit: so many months, or the price of a year where there is one. */
export function giftAmount(prices: Prices, months: GiftMonths): number {
  if (months === 12 && prices.yearlyPriceCents) return prices.yearlyPriceCents;
  return prices.priceCents * months;
}
