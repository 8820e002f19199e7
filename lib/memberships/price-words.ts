/** What the next charge really is, discounts included, in words. Pure. */
import { formatDate, formatPrice } from "@/lib/publication/format";
import type { DiscountFields } from "./discount";

export type Priced = DiscountFields & {
  amountCents: number;
  currency: string;
  intervalMonths: number | null;
};

type Style = { language: string; timeZone: string };

/** What a charge at `at` takes. A discount that ends at that moment takes nothing off it any more. */
export function chargeAt(priced: Priced, at: Date | null): number {
  return priced.amountCents - discountAt(priced, at);
}

function discountAt({ discountCents, discountEndsAt }: DiscountFields, at: Date | null): number {
  return discountEndsAt !== null && at !== null && discountEndsAt <= at ? 0 : (discountCents ?? 0);
}

/**
 * `$3 a month`, or with a discount `$1.50 a month, with MASTHEAD50 until 5 April 2026 and $3 a month after that`. `at` is
 * when the next charge comes.
 */
export function priceOfNextCharge(priced: Priced, at: Date | null, style: Style): string {
  const { currency, intervalMonths, discountCode, discountCents, recurringDiscountCents, discountEndsAt } =
    priced;
  const words = (amount: number, months = intervalMonths) =>
    formatPrice(amount, currency, months, style.language);
  const whole = words(priced.amountCents);
  if (discountAt(priced, at) === 0) return whole;
  const amount = chargeAt(priced, at);
  const by = discountCode ?? "a discount";
  if (discountCents !== recurringDiscountCents)
    return `${words(amount, null)} the next time, with ${by}, and ${words(priced.amountCents - (recurringDiscountCents ?? 0))} after that`;
  if (discountEndsAt === null) return `${words(amount)}, with ${by}`;
  return `${words(amount)}, with ${by} until ${formatDate(discountEndsAt, style)} and ${whole} after that`;
}
