import { z } from "zod";
import { isStack } from "./refusal";

/** One line of our own log (lib/log). */
const entry = z.object({
  level: z.string(),
  event: z.string().optional(),
  msg: z.string().optional(),
  error: z.object({ message: z.string() }).partial().optional(),
});

const QUIET = new Set(["trace", "debug", "info"]);

/**
 * What of a line the terminal should show: a warning or error put in words, or undefined for what is routine and for the
 * inner workings of an error, which the log keeps.
 */
export function troubleIn(line: string, fromStderr: boolean): string | undefined {
  if (line.trim() === "") return undefined;
  if (isStack(line)) return undefined;
  if (!line.startsWith("{")) return fromStderr ? line : undefined;
  const parsed = entry.safeParse(parseJson(line));
  if (!parsed.success) return fromStderr ? line : undefined;
  const { level, event, msg, error } = parsed.data;
  if (QUIET.has(level)) return undefined;
  const parts = [event ? `[${event}]` : undefined, msg, error?.message ? `(${error.message})` : undefined];
  return `${level} ${parts.filter(Boolean).join(" ")}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
