import { unstable_getResponseFromNextConfig as answerOf } from "next/experimental/testing/server";
import { expect, test } from "vitest";
import config from "@/next.config";

/** What the site's own headers say of an address. */
async function headersOf(path: string): Promise<Headers> {
  const { rewrites: _rewrites, ...nextConfig } = config;
  return (await answerOf({ url: `http://127.0.0.1${path}`, nextConfig })).headers;
}

const ISSUE = "/admin/issues/01995f3e-1c2d-7abc-8def-0123456789ab";

test.each([
  `${ISSUE}/preview/web`,
  `${ISSUE}/preview/mail`,
  `${ISSUE}/preview/text`,
  `${ISSUE}/received/87/html`,
  "/admin/snippets/intro/preview",
])("%s may stand in a frame of the desk", async (path) => {
  const headers = await headersOf(path);
  expect(headers.get("X-Frame-Options")).toBe("SAMEORIGIN");
  expect(headers.get("Content-Security-Policy")).toContain("frame-ancestors 'self'");
});

test.each(["/", "/admin", ISSUE, `${ISSUE}/received/87`, `${ISSUE}/received/87/source`, "/account"])(
  "%s stands in nobody's frame",
  async (path) => {
    const headers = await headersOf(path);
    expect(headers.get("X-Frame-Options")).toBe("DENY");
    expect(headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
  },
);
