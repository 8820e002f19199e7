/**
 * A new sending domain is watched: mailbox providers want to see it grow. The plan allows so many messages on its first
 * day and half as many again on each that follows, until it has run for thirty days and ends. Pure.
 */
export type WarmUp = {
  /** The first day, as YYYY-MM-DD; days are those of UTC. */
  from: string;
  firstDay: number;
};

export const WARM_UP_DAYS = 30;
const GROWTH = 1.5;
const DAY_MS = 86_400_000;

/** How many messages the plan allows on the day of `now`; null before it begins and after it has ended. */
export function warmUpAllowance(plan: WarmUp, now: Date): number | null {
  const day = Math.floor((now.getTime() - Date.parse(`${plan.from}T00:00:00Z`)) / DAY_MS);
  if (day < 0 || day >= WARM_UP_DAYS) return null;
  return Math.floor(plan.firstDay * GROWTH ** day);
}

/** On which day of the plan so many messages fit, counted from 1; null where it ends before that. */
export function warmUpDayFor(plan: WarmUp, messages: number): number | null {
  for (let day = 0; day < WARM_UP_DAYS; day += 1) {
    if (plan.firstDay * GROWTH ** day >= messages) return day + 1;
  }
  return null;
}
