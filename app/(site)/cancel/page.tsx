import type { Metadata } from "next";
import { connection } from "next/server";
import { getDatabase } from "@/lib/db";
import { inspectCancelLink, inspectKeepLink } from "@/lib/memberships/cancel-by-link";
import { loadPublication } from "../public-data";
import { SitePage } from "../site-page";
import { AfterCancelling, AskToCancel, NotFromAMail } from "./cancel-panels";

export const instant = false;
export const metadata: Metadata = {
  title: "Cancel your membership",
  robots: { index: false },
  referrer: "same-origin",
};

type Search = Promise<Record<string, string | string[] | undefined>>;

/** Shows what a link from a mail would cancel. Only the button acts: mail scanners follow every link. */
export default async function CancelPage({ searchParams }: { searchParams: Search }) {
  await connection();
  const { token, undo, again } = await searchParams;
  const publication = await loadPublication();
  const services = { now: new Date() };
  const text = (value: typeof token) => (typeof value === "string" ? value : "");
  const failed = again !== undefined;
  if (undo !== undefined) {
    const link = await inspectKeepLink(getDatabase(), text(undo), services);
    return (
      <SitePage>
        {link ? <AfterCancelling {...{ link, publication, failed }} token={text(undo)} /> : <NotFromAMail />}
      </SitePage>
    );
  }
  const link = await inspectCancelLink(getDatabase(), text(token), services);
  return (
    <SitePage>
      {link ? <AskToCancel {...{ link, publication, failed }} token={text(token)} /> : <NotFromAMail />}
    </SitePage>
  );
}
