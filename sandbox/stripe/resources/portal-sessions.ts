import { z } from "zod";
import { invalid } from "../api/errors";
import { filled, webAddress } from "../api/parameters";
import { type Route, route } from "../api/route";
import { newId } from "../ids";
import type { PortalSession } from "../records";
import type { State } from "../state";
import { requireCustomer, requireRow } from "./find";

/** What a session stands under that names none: card and cancelling. At Stripe it is the one saved on the dashboard. */
const DEFAULT_CONFIGURATION = "bpc_sandbox";

const creation = z.strictObject({
  customer: filled,
  configuration: filled.optional(),
  locale: filled.optional(),
  return_url: webAddress.optional(),
});

function checkConfiguration(state: State, id: string): void {
  const { active } = requireRow(state.portalConfigurations, "configuration", id, "configuration");
  if (!active) throw invalid(`The configuration ${id} is not active.`, { param: "configuration" });
}

export const portalSessionRoutes: Route[] = [
  route("POST", "/v1/billing_portal/sessions", creation, ({ state, clock, events, publicUrl }, given) => {
    const customer = requireCustomer(state, given.customer, "customer");
    if (given.configuration !== undefined) checkConfiguration(state, given.configuration);
    const id = newId("bps");
    const session: PortalSession = {
      id,
      object: "billing_portal.session",
      configuration: given.configuration ?? DEFAULT_CONFIGURATION,
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
