import { DateTime } from "luxon";
import { DomainError } from "@/lib/errors";

/** What a date-and-time field holds (`2026-11-27T09:00`), read as local time in `timeZone`. Throws INVALID. */
export function localMoment(text: string, timeZone: string): Date {
  const moment = DateTime.fromISO(text, { zone: timeZone });
  if (text.trim() === "" || !moment.isValid) {
    throw new DomainError("INVALID", "Write a date and a time.", {
      fields: { at: "Write a date and a time." },
    });
  }
  return moment.toJSDate();
}

/** The other way round, for the field's first value. */
export function localFieldValue(moment: Date, timeZone: string): string {
  return DateTime.fromJSDate(moment, { zone: timeZone }).toFormat("yyyy-MM-dd'T'HH:mm");
}
