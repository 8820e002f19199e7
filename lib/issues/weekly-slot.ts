/**
 * The weekly slot: local time in the publication's time zone, so that Friday 09:00 stays Friday 09:00 when clocks
 * change. Pure. Where the clock skips the slot's time that week, the slot is the first moment after the gap; where it
 * shows the time twice, the first of the two.
 */
import { DateTime, IANAZone } from "luxon";

export type WeeklySlot = {
  /** ISO weekday: 1 is Monday, 7 is Sunday. */
  slotWeekday: number;
  /** `HH:MM`, 24 hours. */
  slotTime: string;
  /** IANA name, such as Europe/London. */
  timeZone: string;
};

/** The first slot strictly after `after`. */
export function nextSlot(after: Date, slot: WeeklySlot): Date {
  const local = DateTime.fromJSDate(after, { zone: slot.timeZone });
  const daysAhead = (slot.slotWeekday - local.weekday + 7) % 7;
  const day = local.startOf("day").plus({ days: daysAhead });
  for (const candidate of [day, day.plus({ weeks: 1 }), day.plus({ weeks: 2 })]) {
    const instant = slotOn(candidate, slot);
    if (instant > after) return instant;
  }
  throw new RangeError(`No weekly slot follows ${after.toISOString()} in ${slot.timeZone}`);
}

/** The next `count` slots strictly after `after`, in order. */
export function upcomingSlots(after: Date, slot: WeeklySlot, count: number): Date[] {
  const slots: Date[] = [];
  let from = after;
  for (let index = 0; index < count; index += 1) {
    from = nextSlot(from, slot);
    slots.push(from);
  }
  return slots;
}

function slotOn(day: DateTime, slot: WeeklySlot): Date {
  const [hour = 0, minute = 0] = slot.slotTime.split(":").map(Number);
  const wall = { year: day.year, month: day.month, day: day.day, hour, minute };
  const shown = DateTime.fromObject(wall, { zone: slot.timeZone });
  if (shown.hour !== hour || shown.minute !== minute || shown.day !== day.day) {
    return endOfGap(shown.toMillis(), slot.timeZone);
  }
  const instants = shown.getPossibleOffsets().map((possible) => possible.toMillis());
  return new Date(Math.min(...instants));
}

/** The moment at which the zone's clock jumped, within the day before `after`, to the minute. */
function endOfGap(after: number, timeZone: string): Date {
  const zone = IANAZone.create(timeZone);
  const offset = zone.offset(after);
  let early = after - 26 * 60 * 60_000;
  let late = after;
  while (late - early > 60_000) {
    const middle = Math.floor((early + late) / 2 / 60_000) * 60_000;
    if (zone.offset(middle) === offset) late = middle;
    else early = middle;
  }
  return new Date(late);
}
