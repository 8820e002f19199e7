import type { MetadataRoute } from "next";
import { cacheLife, cacheTag } from "next/cache";
import { connection } from "next/server";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { listPublicAddresses } from "@/lib/issues/queries";

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  await connection();
  const publicUrl = getEnv().PUBLIC_URL;
  const issues = await loadAddresses();
  return [
    { url: `${publicUrl}/` },
    { url: `${publicUrl}/archive` },
    ...issues.map(({ slug, updatedAt }) => ({ url: `${publicUrl}/p/${slug}`, lastModified: updatedAt })),
  ];
}

async function loadAddresses() {
  "use cache";
  cacheLife({ stale: 60, revalidate: 60, expire: 300 });
  cacheTag("issues");
  return listPublicAddresses(getDatabase());
}
