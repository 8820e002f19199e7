import { z } from "zod";
import { filled, webAddress } from "../api/parameters";
import { type Route, route } from "../api/route";
import { newId } from "../ids";
import type { PortalSession } from "../records";
import { requireCustomer } from "./find";

const CONFIGURATION = "bpc_sandbox";

const creation = z.strictObject({
  customer: filled,
  configuration: z
    .literal(CONFIGURATION, `must be ${CONFIGURATION}: this sandbox has one configuration`)
    .optional(),
  locale: filled.optional(),
  return_url: webAddress.optional(),
});

export const portalSessionRoutes: Route[] = [
  route("POST", "/v1/billing_portal/sessions", creation, ({ state, clock, events, publicUrl }, given) => {
    const customer = requireCustomer(state, given.customer, "customer");
    const id = newId("bps");
    const session: PortalSession = {
      id,
      object: "billing_portal.session",
      configuration: CONFIGURATION,
      created: clock.seconds(),
      customer: customer.id,
      customer_account: null,
      flow: null,
      livemode: false,
      locale: given.locale ?? null,
      on_behalf_of: null,
      return_url: given.return_url ?? null,
      url: `${publicUrl}/p/session/${id}`,
    };
    state.portalSessions.set(id, session);
    events.emit("billing_portal.session.created", session);
    return session;
  }),
];
