/** Where people may be sent after they signed in. Everything else would make our sign-in page somebody's trampoline. */
const PLACES = /^\/(?:$|(?:p|archive|account|join|gift|admin|subscribe)(?:$|\/))/;

/**
 * A path of this site with its query, or `fallback` for anything else: another host, a scheme, a backslash, a control
 * character, or a place that is not on the list. Takes anything, because it comes from a query string.
 */
export function safeNextPath(value: unknown, fallback = "/account"): string {
  if (typeof value !== "string" || value.length > 500) return fallback;
  if (!/^\/(?![/\\])[!-~]*$/.test(value) || value.includes("\\")) return fallback;
  const base = "http://site.invalid";
  if (!URL.canParse(value, base)) return fallback;
  const url = new URL(value, base);
  if (
    url.origin !== base ||
    !PLACES.test(url.pathname) ||
    /%(?:2f|5c|0[0-9a-f]|1[0-9a-f])/i.test(url.pathname)
  ) {
    return fallback;
  }
  return url.pathname + url.search;
}
