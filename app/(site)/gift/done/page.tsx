import type { Metadata } from "next";
import { ButtonLink } from "@/app/_components/button";
import { NarrowPage } from "@/app/_components/page-shell";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { type ConfirmedGift, confirmGift } from "@/lib/memberships/gifts/confirm-gift";
import { getStripe } from "@/lib/stripe";
import { SitePage } from "../../site-page";

export const instant = false;
export const metadata: Metadata = {
  title: "Your gift",
  robots: { index: false },
  referrer: "same-origin",
};

const LAST_TRY = 5;

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function GiftDonePage({ searchParams }: { searchParams: Search }) {
  const { order, try: tries } = await searchParams;
  const token = typeof order === "string" ? order : "";
  const services = { now: new Date(), publicUrl: getEnv().PUBLIC_URL };
  const gift = await confirmGift(getDatabase(), getStripe(), token, services);
  const attempt = typeof tries === "string" && /^\d$/.test(tries) ? Number(tries) : 0;
  return (
    <SitePage>
      {!gift ? <Unknown /> : gift.isPaid ? <Paid gift={gift} /> : <Waiting token={token} attempt={attempt} />}
    </SitePage>
  );
}

function Paid({ gift }: { gift: ConfirmedGift }) {
  return (
    <NarrowPage
      title="Thank you for the gift"
      lead={`The receipt${gift.buyer ? ` is on its way to ${gift.buyer},` : " is on its way"} with the link of the gift in it.`}
    >
      <p>
        {gift.mailsReceiver
          ? "The gift itself goes to the receiver now."
          : "Pass the link on when you like: the gift begins when it is redeemed."}{" "}
        If no receipt comes, look in the spam folder, then write to the author: the link can be mailed again.
      </p>
      <div>
        <ButtonLink href="/" tone="quiet">
          To the front page
        </ButtonLink>
      </div>
    </NarrowPage>
  );
}

/** The page asks again by itself, without JavaScript too, and stops after some ten seconds. */
function Waiting({ token, attempt }: { token: string; attempt: number }) {
  const again = (next: number) => `/gift/done?order=${encodeURIComponent(token)}&try=${next}`;
  if (attempt >= LAST_TRY) {
    return (
      <NarrowPage
        title="We have not heard from Stripe yet"
        lead="If you finished the checkout, nothing is lost: the receipt with the link comes by mail as soon as Stripe confirms the payment."
      >
        <div className="flex flex-wrap gap-3">
          <ButtonLink href={again(0)}>Look again</ButtonLink>
          <ButtonLink href={`/gift?order=${encodeURIComponent(token)}`} tone="quiet">
            Back to the gift
          </ButtonLink>
        </div>
      </NarrowPage>
    );
  }
  return (
    <NarrowPage title="Confirming with Stripe …" lead="This takes a moment.">
      <meta httpEquiv="refresh" content={`2;url=${again(attempt + 1)}`} />
      <p>
        <a href={again(attempt + 1)}>Look again now</a>
      </p>
    </NarrowPage>
  );
}

function Unknown() {
  return (
    <NarrowPage title="There is no such order" lead="It was not paid in time, or the address is not whole.">
      <div>
        <ButtonLink href="/gift">Give a membership</ButtonLink>
      </div>
    </NarrowPage>
  );
}
