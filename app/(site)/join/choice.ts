import { z } from "zod";
import { SLUG } from "@/lib/issues/schema";
import { PLAN_INTERVALS, type PlanInterval } from "@/lib/publication/plans";

/** What the pages of the offer carry along: the issue that led here, and the month or the year. Never a price. */
export type Choice = { issue: string; plan: PlanInterval };

export const choiceFields = {
  issue: z.union([z.literal(""), z.string().max(100).regex(SLUG)]).default(""),
  plan: z.enum(PLAN_INTERVALS, "Choose the month or the year.").default("month"),
};

const loose = z.object({
  issue: choiceFields.issue.catch(""),
  plan: choiceFields.plan.catch("month"),
});

/** From an address or a form, whatever stands there. */
export function readChoice(given: { issue?: unknown; plan?: unknown }): Choice {
  return loose.parse(given);
}

export function joinPath({ issue, plan }: Choice): string {
  const search = new URLSearchParams({
    ...(issue === "" ? {} : { issue }),
    ...(plan === "month" ? {} : { plan }),
  });
  return search.size === 0 ? "/join" : `/join?${search}`;
}
