/** How the publication's numbers read. Pure, and safe to use in the browser. */

/** `$3`, `€2.50`: whole amounts without decimals. `amount` is in the currency's smallest unit. */
export function formatMoney(amount: number, currency: string, language = "en"): string {
  const format = moneyFormat(language, currency);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const value = amount / 10 ** digits;
  if (!Number.isInteger(value)) return format.format(value);
  return moneyFormat(language, currency, { maximumFractionDigits: 0, minimumFractionDigits: 0 }).format(
    value,
  );
}

/** `$3/mo`, as an issue and a button say it. */
export function formatMonthlyPrice(amount: number, currency: string, language = "en"): string {
  return `${formatMoney(amount, currency, language)}/mo`;
}

/** `$3 a month`, `$30 a year`, `€9 each 3 months`; `months` lie between two charges, null where they are not months. */
export function formatPrice(
  amount: number,
  currency: string,
  months: number | null,
  language = "en",
): string {
  const money = formatMoney(amount, currency, language);
  if (months === null) return money;
  if (months === 1) return `${money} a month`;
  return months === 12 ? `${money} a year` : `${money} each ${months} months`;
}

const NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split(" ");

/**
 * What a year at once saves over twelve single months, both in the currency's smallest unit: `two months free`, else in
 * whole per cent, rounded down so that it is never more than the truth; null where it saves nothing worth a word.
 */
export function yearlySaving(monthly: number, yearly: number): string | null {
  const saved = 12 * monthly - yearly;
  if (saved <= 0 || yearly <= 0) return null;
  const months = Math.floor(saved / monthly);
  if (saved % monthly === 0) return `${NUMBERS[months - 1]} ${months === 1 ? "month" : "months"} free`;
  const percent = Math.floor((saved * 100) / (12 * monthly));
  return percent === 0 ? null : `${percent}% less`;
}

/** Rounded down to hundreds, such as `6300+`, so that it is never more than the truth; null below 100. */
export function formatSubscriberCount(confirmed: number): string | null {
  const hundreds = Math.floor(confirmed / 100) * 100;
  return hundreds === 0 ? null : `${hundreds}+`;
}

/** `Friday 20 November 2026` in the publication's own time zone, so that server and reader agree. */
export function formatDate(date: Date, options: { language: string; timeZone: string }): string {
  return dateFormat(options.language, options.timeZone).format(date);
}

/** Making a format costs a hundred times what using it does, and each reader's mail uses several. */
function kept<Format>(make: (key: string) => Format): (key: string) => Format {
  const formats = new Map<string, Format>();
  return (key) => {
    const known = formats.get(key);
    if (known) return known;
    if (formats.size > 100) formats.clear();
    const format = make(key);
    formats.set(key, format);
    return format;
  };
}

const keptMoneyFormat = kept((key) => {
  const [language, currency, digits] = JSON.parse(key);
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    ...digits,
  });
});

function moneyFormat(language: string, currency: string, digits: Intl.NumberFormatOptions = {}) {
  return keptMoneyFormat(JSON.stringify([language, currency.toUpperCase(), digits]));
}

const keptDateFormat = kept((key) => {
  const [language, timeZone] = JSON.parse(key);
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone });
});

function dateFormat(language: string, timeZone: string) {
  return keptDateFormat(JSON.stringify([dateLanguage(language), timeZone]));
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

/** How many digits stand behind the point: 2 for dollars, 0 for yen. */
function digitsOf(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency: currency.toUpperCase() }).resolvedOptions()
      .maximumFractionDigits ?? 2
  );
}

/** An amount as a person types it, such as `3.00`, or `300` in yen. */
export function amountForTyping(amount: number, currency: string): string {
  const digits = digitsOf(currency);
  return (amount / 10 ** digits).toFixed(digits);
}

/** What a person typed, `3`, `3.50` or `3,50`, in the currency's smallest unit; null for anything else. */
export function readAmount(typed: string, currency: string): number | null {
  const digits = digitsOf(currency);
  const [, whole = "", part = ""] = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(typed.trim()) ?? [];
  if (whole === "" || (part.length > digits && Number(part) !== 0)) return null;
  return Number(whole) * 10 ** digits + Number(part.slice(0, digits).padEnd(digits, "0") || "0");
}
