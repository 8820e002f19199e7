import { DateTime } from "luxon";

export interface Interval {
  interval: string;
  interval_count: number;
}

export const HOUR = 3_600;
export const DAY = 24 * HOUR;

/** Unix seconds `times` intervals after `anchor`; a month without the anchor's day gives its last day. UTC. */
export function addIntervals(anchor: number, { interval, interval_count }: Interval, times: number): number {
  const amount = interval_count * times;
  return DateTime.fromSeconds(anchor, { zone: "utc" })
    .plus({ [`${interval}s`]: amount })
    .toSeconds();
}

/** The first end of a billing period after `moment`, counted from the anchor so that the day of month never drifts. */
export function nextPeriodEnd(anchor: number, interval: Interval, moment: number): number {
  let times = 1;
  while (addIntervals(anchor, interval, times) <= moment) times += 1;
  return addIntervals(anchor, interval, times);
}
