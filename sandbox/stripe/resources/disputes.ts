import { z } from "zod";
import { listPage, paging } from "../api/lists";
import { filled, isWithin, range } from "../api/parameters";
import { type Route, route } from "../api/route";
import { closeDispute } from "../billing/disputes";
import { requireRow } from "./find";

/** Banks open disputes and decide them, on the sandbox's page; the app may only give in. */
export const disputeRoutes: Route[] = [
  route("GET", "/v1/disputes/:dispute", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.disputes, "dispute", id),
  ),
  route("POST", "/v1/disputes/:dispute/close", z.strictObject({}), (sandbox, _given, id) =>
    closeDispute(sandbox, id, "lost"),
  ),
  route(
    "GET",
    "/v1/disputes",
    z.strictObject({
      ...paging,
      charge: filled.optional(),
      created: range.optional(),
      payment_intent: filled.optional(),
    }),
    ({ state }, given) => {
      const rows = [...state.disputes.values()].filter(
        (dispute) =>
          isWithin(dispute.created, given.created) &&
          (given.charge ?? dispute.charge) === dispute.charge &&
          (given.payment_intent ?? dispute.payment_intent) === dispute.payment_intent,
      );
      return listPage("/v1/disputes", rows, given);
    },
  ),
];
