import { connection } from "next/server";
import type { ReactNode } from "react";
import { PageShell } from "@/app/_components/page-shell";
import { getViewer } from "@/lib/auth/viewer";
import { loadPublication } from "./public-data";
import { visitorOf } from "./visitor";

/**
 * The frame for pages that are drawn for each request (forms, account, answers): it knows who is asking. Such a page
 * exports `const instant = false`, because it waits for its data instead of showing holes that need JavaScript.
 */
export async function SitePage({ children }: { children: ReactNode }) {
  await connection();
  const [publication, viewer] = await Promise.all([loadPublication(), getViewer()]);
  return (
    <PageShell publication={publication} visitor={visitorOf(viewer)}>
      {children}
    </PageShell>
  );
}
