import { randomBytes } from "node:crypto";
import { z } from "zod";
import { invalid } from "../api/errors";
import { listPage, paging } from "../api/lists";
import { filled, mergeMetadata, metadata, orNull, text, truth, webAddress } from "../api/parameters";
import { type Route, route } from "../api/route";
import { newId } from "../ids";
import type { WebhookEndpoint } from "../records";
import { requireRow } from "./find";

/*
 * Endpoints are kept and listed as Stripe does, and never sent to: they may lie anywhere on the internet, and this sandbox
 * sends its events to the one address that it was started with.
 */

const LOCAL = /^(localhost|127\.|10\.|192\.168\.|\[?::1\]?$|0\.0\.0\.0)/;

/** "Invalid URL: … must be publicly accessible", as Stripe refuses what it could not reach. */
const address = webAddress.refine((url) => /^https?:/.test(url), "must be http or https");
const events = z.array(filled).min(1, "empty");

const creation = z.strictObject({
  url: address,
  enabled_events: events,
  api_version: filled.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
});

const change = z.strictObject({
  url: address.optional(),
  enabled_events: events.optional(),
  disabled: truth.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
});

function checkAddress(url: string): void {
  if (!LOCAL.test(new URL(url).hostname)) return;
  throw invalid("Invalid URL: URL must be publicly accessible.", { code: "url_invalid", param: "url" });
}

export const webhookEndpointRoutes: Route[] = [
  route("POST", "/v1/webhook_endpoints", creation, ({ state, clock }, given) => {
    checkAddress(given.url);
    const endpoint: WebhookEndpoint = {
      id: newId("we"),
      object: "webhook_endpoint",
      api_version: given.api_version ?? null,
      application: null,
      created: clock.seconds(),
      description: orNull(given.description),
      enabled_events: given.enabled_events,
      livemode: false,
      metadata: mergeMetadata({}, given.metadata),
      status: "enabled",
      url: given.url,
    };
    state.webhookEndpoints.set(endpoint.id, endpoint);
    // Told once, in the answer to its making.
    return { ...endpoint, secret: `whsec_${randomBytes(16).toString("hex")}` };
  }),
  route("GET", "/v1/webhook_endpoints/:endpoint", z.strictObject({}), ({ state }, _given, id) =>
    requireRow(state.webhookEndpoints, "webhook_endpoint", id),
  ),
  route("POST", "/v1/webhook_endpoints/:endpoint", change, ({ state }, given, id) => {
    const endpoint = requireRow(state.webhookEndpoints, "webhook_endpoint", id);
    if (given.url !== undefined) checkAddress(given.url);
    return Object.assign(endpoint, {
      url: given.url ?? endpoint.url,
      enabled_events: given.enabled_events ?? endpoint.enabled_events,
      status: given.disabled === undefined ? endpoint.status : given.disabled ? "disabled" : "enabled",
      description: orNull(given.description, endpoint.description),
      metadata: mergeMetadata(endpoint.metadata, given.metadata),
    });
  }),
  route("GET", "/v1/webhook_endpoints", z.strictObject({ ...paging }), ({ state }, given) =>
    listPage("/v1/webhook_endpoints", [...state.webhookEndpoints.values()], given),
  ),
];
