/** How the publication's numbers read. Pure, and safe to use in the browser. */

/** `$3`, `€2.50`: whole amounts without decimals. `amount` is in the currency's smallest unit. */
export function formatMoney(amount: number, currency: string, language = "en"): string {
  const format = new Intl.NumberFormat(language, {
    style: "currency",
    currency: currency.toUpperCase(),
    currencyDisplay: "narrowSymbol",
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const value = amount / 10 ** digits;
  if (!Number.isInteger(value)) return format.format(value);
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency: currency.toUpperCase(),
    currencyDisplay: "narrowSymbol",
    maximumFractionDigits: 0,
    minimumFractionDigits: 0,
  }).format(value);
}

/** `$3/mo`, as an issue and a button say it. */
export function formatMonthlyPrice(amount: number, currency: string, language = "en"): string {
  return `${formatMoney(amount, currency, language)}/mo`;
}

/** Rounded down to hundreds, such as `6300+`, so that it is never more than the truth; null below 100. */
export function formatSubscriberCount(confirmed: number): string | null {
  const hundreds = Math.floor(confirmed / 100) * 100;
  return hundreds === 0 ? null : `${hundreds}+`;
}

/** `Friday 20 November 2026` in the publication's own time zone, so that server and reader agree. */
export function formatDate(date: Date, options: { language: string; timeZone: string }): string {
  return new Intl.DateTimeFormat(dateLanguage(options.language), {
    dateStyle: "long",
    timeZone: options.timeZone,
  }).format(date);
}

/** `20 November 2026 at 09:00 GMT` for moments that a person plans by. */
export function formatMoment(date: Date, options: { language: string; timeZone: string }): string {
  return new Intl.DateTimeFormat(dateLanguage(options.language), {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    timeZone: options.timeZone,
    timeZoneName: "short",
  }).format(date);
}

/** Plain `en` would give month before day; readers of an unstated English get day before month, which no one misreads. */
function dateLanguage(language: string): string {
  return language === "en" ? "en-GB" : language;
}

/** `2026-11-20`, for machines and `<time>`. */
export function isoDate(date: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone }).format(date);
}
