import pino from "pino";

/**
 * One JSON line per fact: `log.info({ event: "subscribers.confirmed", subscriberId }, "…")`. The event is
 * `domain.happened`. Lines hold ids, never addresses, names, tokens or bodies; what slips in as text is masked.
 */

/** Begun only where a word begins: one of 150,000 letters would be read from each of them on. */
const ADDRESS = /(?<![^\s"'<>:,;@])[^\s"'<>:,;@]+@[^\s"'<>:,;@]+\.[^\s"'<>:,;@]+/g;
const SECRET = /\b(sk|rk|whsec)_\w+|([?&](token|code|key)=)[^&\s"]+/g;

/**
 * Removes addresses and secrets from a text that came from outside, such as a mail server's reply. Takes no longer than
 * the text is long, whatever stands in it.
 */
export function maskPersonalText(text: string): string {
  return text.replace(SECRET, "$2[secret]").replace(ADDRESS, "[address]");
}

function maskError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error ? error.code : undefined;
  return {
    type: error.name,
    message: maskPersonalText(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error.stack ? { stack: maskPersonalText(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: maskError(error.cause) }),
  };
}

export const log = pino({
  level: process.env.LOG_LEVEL ?? (process.env.VITEST ? "silent" : "info"),
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  serializers: { error: maskError },
  redact: {
    paths: [
      "email",
      "*.email",
      "token",
      "*.token",
      "password",
      "*.password",
      "authorization",
      "*.authorization",
    ],
    censor: "[removed]",
  },
});
