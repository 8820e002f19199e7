/**
 * An error has three readers: the person (`message`, plain words and what to do next), the calling code (`code`), and
 * the log (`cause`). Anything that is no DomainError is a fault of ours and shows the person a general page.
 */
export type ErrorCode = "INVALID" | "FORBIDDEN" | "NOT_FOUND" | "CONFLICT" | "TOO_MANY" | "UNAVAILABLE";

export class DomainError extends Error {
  readonly code: ErrorCode;
  /** Which form fields are wrong, and how, where that can be said. */
  readonly fields: Readonly<Record<string, string>>;
  /** For TOO_MANY and UNAVAILABLE: when trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; fields?: Record<string, string>; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DomainError";
    this.code = code;
    this.fields = options.fields ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  INVALID: 422,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_MANY: 429,
  UNAVAILABLE: 503,
};
