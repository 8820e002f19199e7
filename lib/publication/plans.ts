/** What the publication sells: by the month, and by the year where the author set a price for it. Pure. */
import { formatPrice, yearlySaving } from "./format";

/** The only two words that a browser may send about what is bought. */
export const PLAN_INTERVALS = ["month", "year"] as const;
export type PlanInterval = (typeof PLAN_INTERVALS)[number];

export type PlanSettings = {
  priceCents: number;
  yearlyPriceCents: number | null;
  currency: string;
  language: string;
};

export type Plan = {
  interval: PlanInterval;
  amountCents: number;
  currency: string;
  /** `$30 a year`. */
  price: string;
  /** `two months free`; null by the month, and where a year saves nothing. */
  saving: string | null;
};

/** By the month first; there is always that one. */
export function listPlans(settings: PlanSettings): [Plan, ...Plan[]] {
  const { priceCents, yearlyPriceCents, currency, language } = settings;
  const plan = (interval: PlanInterval, amountCents: number, saving: string | null): Plan => ({
    interval,
    amountCents,
    currency,
    price: formatPrice(amountCents, currency, interval === "year" ? 12 : 1, language),
    saving,
  });
  const monthly = plan("month", priceCents, null);
  if (yearlyPriceCents === null) return [monthly];
  return [monthly, plan("year", yearlyPriceCents, yearlySaving(priceCents, yearlyPriceCents))];
}

/** Null for a year that is not offered. */
export function getPlan(settings: PlanSettings, interval: PlanInterval): Plan | null {
  return listPlans(settings).find((plan) => plan.interval === interval) ?? null;
}

/** `$3 a month or $30 a year`. */
export function pricesInWords(settings: PlanSettings): string {
  return listPlans(settings)
    .map(({ price }) => price)
    .join(" or ");
}

/** `$3 a month or $30 a year (two months free)`, where there is room for it. */
export function offerInWords(settings: PlanSettings): string {
  return listPlans(settings)
    .map(({ price, saving }) => (saving ? `${price} (${saving})` : price))
    .join(" or ");
}
