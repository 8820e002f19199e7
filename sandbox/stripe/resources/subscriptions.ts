import { z } from "zod";
import { invalid, missing } from "../api/errors";
import { listPage, paging } from "../api/lists";
import { filled, isWithin, range, truth } from "../api/parameters";
import { type Route, route } from "../api/route";
import { cancelNow, isOver } from "../billing/cancel";
import { soleItem } from "../billing/invoice-record";
import { resumePaused } from "../billing/periods";
import type { Subscription } from "../records";
import {
  cancellationDetails,
  change,
  detailsOf,
  noProration,
  replaceDiscounts,
  updateSubscription,
} from "./change-subscription";
import { requireRow } from "./find";

const statuses = [
  "active",
  "all",
  "canceled",
  "ended",
  "incomplete",
  "incomplete_expired",
  "past_due",
  "paused",
  "trialing",
  "unpaid",
] as const;

/** Without a status Stripe lists what is not canceled. */
function hasStatus(subscription: Subscription, wanted: (typeof statuses)[number] | undefined): boolean {
  if (wanted === undefined) return subscription.status !== "canceled";
  if (wanted === "all") return true;
  if (wanted === "ended") return isOver(subscription);
  return subscription.status === wanted;
}

const listing = z.strictObject({
  ...paging,
  created: range.optional(),
  current_period_end: range.optional(),
  current_period_start: range.optional(),
  customer: filled.optional(),
  price: filled.optional(),
  status: z.enum(statuses, `must be one of ${statuses.join(", ")}`).optional(),
});

export const subscriptionRoutes: Route[] = [
  route("GET", "/v1/subscriptions/:subscription", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.subscriptions, "subscription", id),
  ),
  route("POST", "/v1/subscriptions/:subscription", change, updateSubscription),
  route(
    "DELETE",
    "/v1/subscriptions/:subscription",
    z.strictObject({
      cancellation_details: cancellationDetails.optional(),
      invoice_now: truth.optional(),
      prorate: z.literal("false", "must be false: this sandbox never prorates").optional(),
    }),
    (sandbox, given, id) => {
      const subscription = requireRow(sandbox.state.subscriptions, "subscription", id);
      if (isOver(subscription)) throw missing("subscription", id);
      cancelNow(sandbox, subscription, {
        ...detailsOf(given.cancellation_details, subscription.cancellation_details),
        reason: "cancellation_requested",
      });
      return subscription;
    },
  ),
  route(
    "POST",
    "/v1/subscriptions/:subscription/resume",
    z.strictObject({
      billing_cycle_anchor: z.strictObject({ type: z.literal("now", "must be now") }).optional(),
      proration_behavior: noProration,
    }),
    (sandbox, _given, id) => {
      const subscription = requireRow(sandbox.state.subscriptions, "subscription", id);
      if (subscription.status !== "paused") {
        throw invalid("This subscription cannot be resumed because it is not paused.");
      }
      resumePaused(sandbox, subscription);
      return subscription;
    },
  ),
  route("DELETE", "/v1/subscriptions/:subscription/discount", z.strictObject({}), (sandbox, _given, id) => {
    const { state } = sandbox;
    const subscription = requireRow(state.subscriptions, "subscription", id);
    const [first] = subscription.discounts;
    const discount = typeof first === "string" ? state.discounts.get(first) : undefined;
    if (!discount) throw invalid("No active discount for subscription.", { code: "resource_missing" });
    replaceDiscounts(sandbox, subscription, "");
    const { end: _end, ...rest } = discount;
    return { ...rest, deleted: true };
  }),
  route("GET", "/v1/subscriptions", listing, ({ state }, given) => {
    if (given.customer !== undefined) requireRow(state.customers, "customer", given.customer, "customer");
    const rows = [...state.subscriptions.values()].filter((subscription) => {
      const item = soleItem(subscription);
      return (
        hasStatus(subscription, given.status) &&
        isWithin(subscription.created, given.created) &&
        isWithin(item.current_period_end, given.current_period_end) &&
        isWithin(item.current_period_start, given.current_period_start) &&
        (given.customer ?? subscription.customer) === subscription.customer &&
        (given.price ?? item.price.id) === item.price.id
      );
    });
    return listPage("/v1/subscriptions", rows, given);
  }),
];
