/** An amount in the currency's smallest unit, as people read it: 300 usd is $3.00. */
export function formatMoney(amount: number, currency: string): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
  return format.format(amount / 10 ** digits);
}

/** How often a price is charged: "month", or "3 months". */
export function formatInterval(recurring: { interval: string; interval_count: number } | null): string {
  if (recurring === null) return "once";
  const { interval, interval_count: count } = recurring;
  return count === 1 ? interval : `${count} ${interval}s`;
}
