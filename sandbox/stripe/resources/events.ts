import { z } from "zod";
import { listPage, paging } from "../api/lists";
import { filled, isWithin, range, truth } from "../api/parameters";
import { type Route, route } from "../api/route";
import { requireRow } from "./find";

/** `type` may end in `.*`, as Stripe's filter does. */
function hasType(type: string, wanted: string | undefined): boolean {
  if (wanted === undefined || wanted === "*") return true;
  return wanted.endsWith(".*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

export const eventRoutes: Route[] = [
  route("GET", "/v1/events/:event", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.events, "event", id),
  ),
  route(
    "GET",
    "/v1/events",
    z.strictObject({
      ...paging,
      created: range.optional(),
      delivery_success: truth.optional(),
      type: filled.optional(),
      types: z.array(filled).max(20, "has more than 20 types").optional(),
    }),
    ({ state }, given) => {
      const rows = [...state.events.values()].filter(
        (event) =>
          isWithin(event.created, given.created) &&
          hasType(event.type, given.type) &&
          (given.types?.includes(event.type) ?? true) &&
          (given.delivery_success ?? event.pending_webhooks === 0) === (event.pending_webhooks === 0),
      );
      return listPage("/v1/events", rows, given);
    },
  ),
];
