import type { Metadata } from "next";
import { Notice } from "@/app/_components/notice";
import { NarrowPage } from "@/app/_components/page-shell";
import { getViewer } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import type { FormState } from "@/lib/form";
import { GIFT_MONTHS, giftAmount } from "@/lib/memberships/gifts/amount";
import { readGiftOrder } from "@/lib/memberships/gifts/confirm-gift";
import { formatMoney } from "@/lib/publication/format";
import { readRefused } from "../_forms/answer-form";
import { loadPublication } from "../public-data";
import { SitePage } from "../site-page";
import { GiftForm } from "./gift-form";

export const instant = false;
export const metadata: Metadata = { title: "Give a membership", referrer: "same-origin" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function GiftPage({ searchParams }: { searchParams: Search }) {
  const { order } = await searchParams;
  const [publication, viewer, refused] = await Promise.all([
    loadPublication(),
    getViewer(),
    readRefused("gift"),
  ]);
  const former =
    typeof order === "string" ? await readGiftOrder(getDatabase(), order, { now: new Date() }) : {};
  const own = viewer.kind === "reader" ? { buyerEmail: viewer.email } : {};
  const initial: FormState = refused.problem ? refused : { ...refused, typed: { ...own, ...former } };
  const { name, authorName, currency, language } = publication;
  const prices = GIFT_MONTHS.map((months) => ({
    value: String(months),
    label: months === 12 ? "1 year" : `${months} months`,
    note: formatMoney(giftAmount(publication, months), currency, language),
  }));
  return (
    <SitePage>
      <NarrowPage
        title={`Give ${name}`}
        lead={`Every issue by ${authorName} to the end, and the whole archive, for somebody you think of. You pay once; it ends by itself.`}
      >
        {former.months !== undefined && <Notice>Nothing was paid. Your words are still here.</Notice>}
        <GiftForm prices={prices} initial={initial} />
        <p className="text-sm text-ink-soft">
          The card is entered at Stripe; we never see it. The gift begins when it is redeemed, and waits until
          then as long as it takes.
        </p>
      </NarrowPage>
    </SitePage>
  );
}
