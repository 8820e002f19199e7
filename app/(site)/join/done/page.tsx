import type { Metadata } from "next";
import { ButtonLink } from "@/app/_components/button";
import { NarrowPage } from "@/app/_components/page-shell";
import { requireReader } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { SLUG } from "@/lib/issues/schema";
import { confirmCheckout } from "@/lib/memberships/confirm-checkout";
import { getMembership } from "@/lib/memberships/queries";
import { formatDate } from "@/lib/publication/format";
import { getStripe } from "@/lib/stripe";
import { loadPublication } from "../../public-data";
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
  const membership = isMember ? await getMembership(getDatabase(), reader.subscriberId) : null;
  // Who reads for free is let in by that, which says nothing of a checkout.
  const isConfirmed = isMember && (reader.isAuthor || membership?.source === "STRIPE");
  const later =
    membership?.followsFreeTime && membership.status === "TRIALING" ? membership.trialEndsAt : null;
  const attempt = typeof tries === "string" && /^\d$/.test(tries) ? Number(tries) : 0;
  return (
    <SitePage>
      {isConfirmed ? (
        <Welcome slug={slug} firstChargeAt={later} />
      ) : (
        <Waiting slug={slug} attempt={attempt} />
      )}
    </SitePage>
  );
}

async function Welcome({ slug, firstChargeAt }: { slug: string; firstChargeAt: Date | null }) {
  const words = firstChargeAt
    ? {
        title: "You read on without a gap",
        lead: `Nothing is charged before ${formatDate(firstChargeAt, await loadPublication())}. A mail with the dates is on its way.`,
      }
    : {
        title: "You are in",
        lead: "Every issue and the whole archive are open to you now. A receipt with the dates is on its way by mail.",
      };
  return (
    <NarrowPage {...words}>
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
