import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpRefusal, requireOwnOrigin } from "../http";
import type { Running } from "../running";
import { answerCheckout, showAuthentication, showCheckout, takeAuthentication } from "./checkout";
import { showDashboard, takeDashboard } from "./dashboard";
import { showInvoice, showInvoiceAuthentication, takeInvoice, takeInvoiceAuthentication } from "./invoice";
import { showCardAuthentication, showPortal, takeCardAuthentication, takePortal } from "./portal";

/** One request for a page. */
export interface Visit {
  running: Running;
  request: IncomingMessage;
  response: ServerResponse;
  id: string;
  query: URLSearchParams;
}

interface Page {
  path: RegExp;
  show(visit: Visit): void;
  take(visit: Visit): Promise<void>;
}

/** GET only shows; POST acts and leads on to a page. */
const PAGES: readonly Page[] = [
  { path: /^\/$/, show: showDashboard, take: takeDashboard },
  { path: /^\/c\/pay\/([^/]+)$/, show: showCheckout, take: answerCheckout },
  { path: /^\/c\/pay\/([^/]+)\/authenticate$/, show: showAuthentication, take: takeAuthentication },
  { path: /^\/p\/session\/([^/]+)$/, show: showPortal, take: takePortal },
  {
    path: /^\/p\/session\/([^/]+)\/authenticate$/,
    show: showCardAuthentication,
    take: takeCardAuthentication,
  },
  {
    path: /^\/i\/([^/]+)\/authenticate$/,
    show: showInvoiceAuthentication,
    take: takeInvoiceAuthentication,
  },
  { path: /^\/i\/([^/]+)$/, show: showInvoice, take: takeInvoice },
];

export async function servePage(
  running: Running,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  for (const page of PAGES) {
    const match = page.path.exec(url.pathname);
    if (!match) continue;
    const visit: Visit = { running, request, response, id: match[1] ?? "", query: url.searchParams };
    if (request.method === "GET" || request.method === "HEAD") return page.show(visit);
    if (request.method !== "POST") throw new HttpRefusal(405, "Use GET or POST here.");
    requireOwnOrigin(request);
    return page.take(visit);
  }
  throw new HttpRefusal(404, "There is no page here.");
}
