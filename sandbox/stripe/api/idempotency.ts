import { createHash } from "node:crypto";
import type { RememberedAnswer, State } from "../state";
import { ApiError } from "./errors";

const KEPT_MS = 24 * 3_600 * 1_000;
const MAX_KEY_LENGTH = 255;

/** What makes two requests the same one. */
export function fingerprint(method: string, path: string, body: string): string {
  return createHash("sha256").update(`${method} ${path}\n${body}`).digest("hex");
}

/**
 * The answer that was given under this key, or null. Throws ApiError when the key stands for another request:
 * https://docs.stripe.com/api/idempotent_requests
 */
export function recallAnswer(
  state: State,
  key: string,
  request: string,
  now: number,
): RememberedAnswer | null {
  if (key.length > MAX_KEY_LENGTH) {
    throw new ApiError(400, {
      type: "invalid_request_error",
      message: `Idempotency keys must be ${MAX_KEY_LENGTH} characters or less.`,
    });
  }
  const known = state.answers.get(key);
  if (!known || now - known.at > KEPT_MS) return null;
  if (known.request === request) return known;
  throw new ApiError(400, {
    type: "idempotency_error",
    message:
      "Keys for idempotent requests can only be used with the same parameters they were first used with. " +
      "Use another key for another request.",
  });
}

/** Keeps an answer for a day of real time, and forgets older ones. */
export function rememberAnswer(state: State, key: string, answer: RememberedAnswer): void {
  for (const [known, { at }] of state.answers) {
    if (answer.at - at <= KEPT_MS) break;
    state.answers.delete(known);
  }
  state.answers.delete(key);
  state.answers.set(key, answer);
}
