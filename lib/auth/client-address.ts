import ipaddr from "ipaddr.js";

/**
 * Whom a limit counts. Only the last `trustedProxies` entries of X-Forwarded-For were written by machines of ours; what
 * stands before them is the client's own claim and counts for nothing. An IPv6 client counts by its /64, which is what
 * one household or one server gets. Null where it cannot be known: Next does not show the socket to the app, so without
 * a proxy in front (`TRUSTED_PROXIES=0`) every client looks the same, and only limits for all together hold.
 */
export function clientAddress(
  headers: Pick<Headers, "get">,
  options: { trustedProxies: number },
): string | null {
  if (options.trustedProxies < 1) return null;
  const hops = (headers.get("x-forwarded-for") ?? "")
    .split(",")
    .map((hop) => hop.trim())
    .filter(Boolean);
  const claimed = hops.at(-options.trustedProxies);
  if (claimed === undefined) return null;
  const bare = claimed.replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
  if (!ipaddr.isValid(bare)) return null;
  const address = ipaddr.process(bare);
  if (address.kind() === "ipv4") return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString()}/64`;
}
