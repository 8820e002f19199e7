/** `Fri 20 Nov, 09:00`, with the year where it is another one: for lists, where the zone is said once or is plain. */
export function shortMoment(date: Date, options: { language: string; timeZone: string; now?: Date }): string {
  const language = options.language === "en" ? "en-GB" : options.language;
  const { timeZone, now = new Date() } = options;
  const year = (moment: Date) => moment.toLocaleDateString("en", { year: "numeric", timeZone });
  return new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(year(date) !== year(now) && { year: "numeric" as const }),
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    timeZone,
  }).format(date);
}
