/**
 * Tells the web process that public pages changed, after the worker or the operator's command changed them. Best
 * effort: never throws, may run any number of times, and pages renew themselves within a minute without it.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { getEnv } from "@/lib/env";
import { log } from "@/lib/log";

/** `publication`, `issues`, or `issue:<slug>`. */
export const cacheTagSchema = z.string().regex(/^(publication|issues|issue:[a-z0-9-]{1,100})$/);
/** Older signatures are refused, so that a recorded request is worth nothing later. */
const MAX_AGE_MS = 5 * 60 * 1_000;

export const changeSchema = z.strictObject({
  tags: z.array(cacheTagSchema).min(1).max(100),
  sentAt: z.number().int(),
});

/** Returns whether the web process heard it. */
export async function announceChange(
  tags: readonly string[],
  services: { now?: Date; send?: typeof fetch } = {},
): Promise<boolean> {
  const { PUBLIC_URL, AUTH_SECRET } = getEnv();
  const body = JSON.stringify({ tags: [...new Set(tags)], sentAt: (services.now ?? new Date()).getTime() });
  try {
    const response = await (services.send ?? fetch)(`${PUBLIC_URL}/api/revalidate`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Signature": signChange(body, AUTH_SECRET) },
      body,
      signal: AbortSignal.timeout(3_000),
    });
    if (response.ok) return true;
    log.warn(
      { event: "publication.change-not-announced", status: response.status, tags },
      "the web process refused",
    );
  } catch (error) {
    log.warn({ event: "publication.change-not-announced", error, tags }, "the web process did not answer");
  }
  return false;
}

export function signChange(body: string, secret: string): string {
  const key = Buffer.from(hkdfSync("sha256", secret, "masthead", "announce-change", 32));
  return createHmac("sha256", key).update(body).digest("base64url");
}

/** The announced tags, or null for a forged, stale or malformed announcement. */
export function readChange(
  body: string,
  signature: string | null,
  options: { secret: string; now: Date },
): string[] | null {
  const expected = Buffer.from(signChange(body, options.secret));
  const given = Buffer.from(signature ?? "");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  const change = changeSchema.safeParse(value);
  if (!change.success || Math.abs(options.now.getTime() - change.data.sentAt) > MAX_AGE_MS) return null;
  return change.data.tags;
}
