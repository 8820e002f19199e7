import { type NextRequest, NextResponse } from "next/server";
import { sessionCookieName } from "@/lib/auth/session-cookie";

/**
 * Leads requests without a session cookie to the cookie-blind drawing of a public page, and all others to the page
 * that asks who is reading. It decides no access: both pages go through the same gate, and a forged or stale cookie
 * only costs its sender the speed of the stored page.
 */

const SLUG = /^[a-z0-9-]{1,100}$/;
/** Both names, since the build knows no address yet. */
const SESSION_COOKIES = [sessionCookieName("https:"), sessionCookieName("http:")];

export function proxy(request: NextRequest): NextResponse {
  const { pathname, searchParams } = request.nextUrl;
  // The inner addresses of the stored pages are nobody's to ask for.
  if (pathname === "/stranger" || pathname.startsWith("/stranger/")) return rewriteTo(request, "/not-a-page");
  const stored = storedPage(pathname, searchParams);
  if (stored === null || (request.method !== "GET" && request.method !== "HEAD") || hasSession(request))
    return NextResponse.next();
  return rewriteTo(request, stored);
}

/** Parameters that the stored page knows nothing of, such as `utm_source`, are dropped with the rest of the query. */
function storedPage(pathname: string, query: URLSearchParams): string | null {
  if (pathname === "/") return "/stranger/home/front";
  if (pathname === "/archive") {
    if (query.has("q")) return null;
    const page = query.get("page") ?? "1";
    return /^[1-9]\d{0,4}$/.test(page) ? `/stranger/archive/${page}` : "/stranger/archive/1";
  }
  const slug = /^\/p\/([^/]+)$/.exec(pathname)?.[1];
  return slug !== undefined && SLUG.test(slug) ? `/stranger/p/${slug}` : null;
}

function hasSession(request: NextRequest): boolean {
  return SESSION_COOKIES.some((name) => request.cookies.has(name));
}

function rewriteTo(request: NextRequest, pathname: string): NextResponse {
  const url = request.nextUrl.clone();
  url.pathname = pathname;
  url.search = "";
  return NextResponse.rewrite(url);
}

export const config = { matcher: ["/", "/archive", "/p/:slug", "/stranger/:path*"] };
