import { DomainError } from "@/lib/errors";

/**
 * Refuses a form that another site posted for the reader. The Origin header must be our own public address; absent and
 * `null` are refused too, because browsers send the real one with every form of a page (Fetch 3.2), and Host is whatever
 * the request says. Throws FORBIDDEN. Not for RFC 8058 requests, which come from mail providers.
 */
export function requireSameOrigin(headers: Pick<Headers, "get">, publicUrl: string): void {
  if (headers.get("origin") === new URL(publicUrl).origin) return;
  throw new DomainError(
    "FORBIDDEN",
    `This form has to be sent from ${new URL(publicUrl).origin}. Please open the page there and try again.`,
  );
}
