import Stripe from "stripe";
import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";

/** How long a person waits before they are told, whatever number of calls an answer needs. */
const PATIENCE_MS = 9_000;

/**
 * Runs calls to Stripe on behalf of a waiting person. Throws UNAVAILABLE, within ten seconds, when Stripe does not
 * answer, is overloaded or refuses us or the request; every other error passes. The calls inside carry idempotency keys, so that
 * trying again makes nothing twice.
 */
export async function askStripe<T>(calls: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const outOfPatience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable(new Error("Stripe took too long"))), patienceMs);
  });
  try {
    return await Promise.race([askStripePatiently(calls), outOfPatience]);
  } finally {
    clearTimeout(timer);
  }
}

/** The same for long work that says how far it is. */
export async function askStripePatiently<T>(calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    log.error({ event: "memberships.stripe-refused", error });
    throw isOutage(error) ? unavailable(error) : notOnSale(error);
  }
}

function isOutage(error: InstanceType<typeof Stripe.errors.StripeError>): boolean {
  const {
    StripeAPIError,
    StripeConnectionError,
    StripeRateLimitError,
    StripeAuthenticationError,
    StripePermissionError,
  } = Stripe.errors;
  return [
    StripeAPIError,
    StripeConnectionError,
    StripeRateLimitError,
    StripeAuthenticationError,
    StripePermissionError,
  ].some((kind) => error instanceof kind);
}

/** Nothing that waiting repairs, such as an archived product: the log tells the operator why. */
function notOnSale(cause: unknown): DomainError {
  return new DomainError(
    "UNAVAILABLE",
    "This cannot be done at the moment, and the fault is ours. Nothing was charged. Please write to the author.",
    { cause },
  );
}

function unavailable(cause: unknown): DomainError {
  return new DomainError(
    "UNAVAILABLE",
    "Our payment partner does not answer at the moment. Nothing was charged. Please try again in a minute.",
    { cause, retryAfterSeconds: 60 },
  );
}
