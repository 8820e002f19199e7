import type { Metadata } from "next";
import { NarrowPage } from "@/app/_components/page-shell";
import { getViewer } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { inspectGift } from "@/lib/memberships/gifts/redeem-gift";
import { readRefused } from "../../_forms/answer-form";
import { loadPublication } from "../../public-data";
import { SitePage } from "../../site-page";
import { NotReady, Ready } from "./gift-panels";
import { RedeemForm, WhoAreYouForm } from "./redeem-forms";

export const instant = false;
export const metadata: Metadata = {
  title: "A gift for you",
  robots: { index: false },
  referrer: "same-origin",
};

/** Shows what the link is worth. Only the button of somebody who is signed in redeems it. */
export default async function RedeemPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const [publication, viewer] = await Promise.all([loadPublication(), getViewer()]);
  const viewerId = viewer.kind === "reader" ? viewer.subscriberId : null;
  const gift = await inspectGift(getDatabase(), token, viewerId, { now: new Date() });
  return (
    <SitePage>
      {!gift ? (
        <NarrowPage
          title="This link is not whole"
          lead="Please open it from the mail again, or copy all of it."
        />
      ) : gift.state !== "ready" ? (
        <NotReady gift={gift} state={gift.state} publication={publication} />
      ) : (
        <Ready gift={gift} publication={publication}>
          {viewer.kind === "reader" ? (
            <RedeemForm token={token} email={viewer.email} initial={await readRefused("gift-redeem")} />
          ) : (
            <WhoAreYouForm token={token} initial={await readRefused("gift-address")} />
          )}
        </Ready>
      )}
    </SitePage>
  );
}
