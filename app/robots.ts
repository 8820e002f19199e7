import type { MetadataRoute } from "next";
import { connection } from "next/server";
import { getEnv } from "@/lib/env";

/** Keeps crawlers from what is nobody's to find; access is decided elsewhere. */
export default async function robots(): Promise<MetadataRoute.Robots> {
  await connection();
  const disallow = [
    "/admin",
    "/account",
    "/api/",
    "/cancel",
    "/confirm",
    "/feed/",
    "/gift/",
    "/join",
    "/sign-in",
    "/unsubscribe",
  ];
  return {
    rules: { userAgent: "*", allow: "/", disallow },
    sitemap: `${getEnv().PUBLIC_URL}/sitemap.xml`,
  };
}
