import type { Metadata } from "next";
import { ButtonLink } from "@/app/_components/button";
import { NarrowPage } from "@/app/_components/page-shell";
import { requireReader } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { SLUG } from "@/lib/issues/schema";
import { confirmCheckout } from "@/lib/memberships/confirm-checkout";
import { getStripe } from "@/lib/stripe";
import { SitePage } from "../../site-page";

export const instant = false;
export const metadata: Metadata = { title: "Welcome", robots: { index: false } };

const LAST_TRY = 5;

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function JoinDonePage({ searchParams }: { searchParams: Search }) {
  const { issue, try: tries } = await searchParams;
  const slug = typeof issue === "string" && SLUG.test(issue) ? issue : "";
  const reader = await requireReader(`/join/done${slug === "" ? "" : `?issue=${slug}`}`);
  const isMember = await confirmCheckout(getDatabase(), getStripe(), reader.subscriberId, {
    now: new Date(),
    publicUrl: getEnv().PUBLIC_URL,
  });
  const attempt = typeof tries === "string" && /^\d$/.test(tries) ? Number(tries) : 0;
  return (
    <SitePage>{isMember ? <Welcome slug={slug} /> : <Waiting slug={slug} attempt={attempt} />}</SitePage>
  );
}

function Welcome({ slug }: { slug: string }) {
  return (
    <NarrowPage
      title="You are in"
      lead="Every issue and the whole archive are open to you now. A receipt with the dates is on its way by mail."
    >
      <div className="flex flex-wrap gap-3">
        {slug !== "" && <ButtonLink href={`/p/${slug}`}>Read on where you were</ButtonLink>}
        <ButtonLink href="/archive" tone={slug === "" ? "primary" : "quiet"}>
          Read the archive
        </ButtonLink>
      </div>
    </NarrowPage>
  );
}

/** The page asks again by itself, without JavaScript too, and stops after some ten seconds. */
function Waiting({ slug, attempt }: { slug: string; attempt: number }) {
  const again = `/join/done?try=${attempt + 1}${slug === "" ? "" : `&issue=${slug}`}`;
  if (attempt >= LAST_TRY) {
    return (
      <NarrowPage
        title="We have not heard from Stripe yet"
        lead="If you finished the checkout, nothing is lost: this account opens by itself as soon as Stripe confirms it."
      >
        <div className="flex flex-wrap gap-3">
          <ButtonLink href={again.replace(/try=\d+/, "try=0")}>Look again</ButtonLink>
          <ButtonLink href={slug === "" ? "/join" : `/join?issue=${slug}`} tone="quiet">
            Back to the offer
          </ButtonLink>
        </div>
      </NarrowPage>
    );
  }
  return (
    <NarrowPage title="Confirming with Stripe …" lead="This takes a moment.">
      <meta httpEquiv="refresh" content={`2;url=${again}`} />
      <p>
        <a href={again}>Look again now</a>
      </p>
    </NarrowPage>
  );
}
