import { z } from "zod";
import { invalid } from "../api/errors";
import { listPage, paging } from "../api/lists";
import { email, filled, isWithin, range } from "../api/parameters";
import { type Route, route } from "../api/route";
import { expireSession } from "../checkout/expire";
import { requireRow } from "./find";
import { lineItemsOf } from "./line-items";
import { createSession, creation } from "./new-session";

export const checkoutSessionRoutes: Route[] = [
  route("POST", "/v1/checkout/sessions", creation, createSession),
  route("GET", "/v1/checkout/sessions/:session", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.checkoutSessions, "checkout.session", id),
  ),
  route("POST", "/v1/checkout/sessions/:session/expire", z.strictObject({}), (sandbox, _given, id) => {
    const session = requireRow(sandbox.state.checkoutSessions, "checkout.session", id);
    if (session.status !== "open") {
      throw invalid(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      );
    }
    expireSession(sandbox, session);
    return session;
  }),
  route(
    "GET",
    "/v1/checkout/sessions/:session/line_items",
    z.strictObject(paging),
    ({ state }, given, id) => {
      requireRow(state.checkoutSessions, "checkout.session", id);
      return listPage(`/v1/checkout/sessions/${id}/line_items`, lineItemsOf(state, id), given);
    },
  ),
  route(
    "GET",
    "/v1/checkout/sessions",
    z.strictObject({
      ...paging,
      created: range.optional(),
      customer: filled.optional(),
      customer_details: z.strictObject({ email }).optional(),
      payment_intent: filled.optional(),
      status: z.enum(["complete", "expired", "open"], "must be one of complete, expired, or open").optional(),
      subscription: filled.optional(),
    }),
    ({ state }, given) => {
      const rows = [...state.checkoutSessions.values()].filter(
        (session) =>
          isWithin(session.created, given.created) &&
          (given.customer ?? session.customer) === session.customer &&
          (given.customer_details?.email ?? session.customer_details?.email) ===
            session.customer_details?.email &&
          (given.payment_intent ?? session.payment_intent) === session.payment_intent &&
          (given.status ?? session.status) === session.status &&
          (given.subscription ?? session.subscription) === session.subscription,
      );
      return listPage("/v1/checkout/sessions", rows, given);
    },
  ),
];
