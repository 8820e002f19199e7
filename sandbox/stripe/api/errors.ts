import type { CardFailure } from "../records";

type ErrorType =
  | "invalid_request_error"
  | "idempotency_error"
  | "card_error"
  | "rate_limit_error"
  | "api_error";

interface Details {
  type: ErrorType;
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
}

/** A refusal in Stripe's words and statuses: https://docs.stripe.com/api/errors */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly details: Details,
  ) {
    super(details.message);
    this.name = "ApiError";
  }

  toJSON(): object {
    return { error: this.details };
  }
}

/** 400: the request cannot be carried out as it stands. */
export function invalid(message: string, at: { code?: string; param?: string } = {}): ApiError {
  return new ApiError(400, { type: "invalid_request_error", message, ...at });
}

/** 404, or 400 where the id came as a parameter, as Stripe answers. */
export function missing(what: string, id: string, param?: string): ApiError {
  return new ApiError(param === undefined ? 404 : 400, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${what}: '${id}'`,
    param: param ?? "id",
  });
}

/** 402: the card was refused. */
export function cardRefused({ code, decline_code, message }: CardFailure): ApiError {
  const details = { type: "card_error" as const, code, message };
  return new ApiError(402, decline_code === undefined ? details : { ...details, decline_code });
}
