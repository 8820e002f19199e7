import { connection } from "next/server";
import type { ReactNode } from "react";
import { PageShell } from "@/app/_components/page-shell";
import { getViewer } from "@/lib/auth/viewer";
import { loadPublication } from "./public-data";

/**
 * The frame for pages that are drawn for each request (forms, account, answers): it knows who is asking. Such a page
 * exports `const instant = false`, because it waits for its data instead of showing holes that need JavaScript.
 */
export async function SitePage({ children }: { children: ReactNode }) {
  await connection();
  const [publication, viewer] = await Promise.all([loadPublication(), getViewer()]);
  const visitor = viewer.kind === "stranger" ? "stranger" : viewer.isAuthor ? "author" : "reader";
  return (
    <PageShell publication={publication} visitor={visitor}>
      {children}
    </PageShell>
  );
}
