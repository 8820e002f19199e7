import pino from "pino";

/** Warnings and errors only, on standard error: the mailbox's own trouble, never what is in somebody's mail. */
export const log = pino(
  {
    level: process.env.LOG_LEVEL || "warn",
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  },
  pino.destination(2),
);
