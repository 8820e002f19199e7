import Stripe from "stripe";
import { getEnv } from "./env";

/** Seconds that a person may wait for Stripe before they are told that it does not answer. */
const TIMEOUT_MS = 4_000;

/** A client for the account of `secretKey`, at Stripe or wherever `apiBase` points. */
export function createStripe(secretKey: string, apiBase?: string): Stripe {
  const base = apiBase ? new URL(apiBase) : null;
  return new Stripe(secretKey, {
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 1,
    appInfo: { name: "Masthead" },
    telemetry: false,
    ...(base
      ? {
          host: base.hostname,
          port: base.port || (base.protocol === "https:" ? 443 : 80),
          protocol: base.protocol === "https:" ? ("https" as const) : ("http" as const),
        }
      : {}),
  });
}

let kept: { account: string; client: Stripe } | undefined;

export function getStripe(): Stripe {
  const { STRIPE_SECRET_KEY, STRIPE_API_BASE } = getEnv();
  const account = `${STRIPE_SECRET_KEY} ${STRIPE_API_BASE}`;
  if (kept?.account !== account) kept = { account, client: createStripe(STRIPE_SECRET_KEY, STRIPE_API_BASE) };
  return kept.client;
}
