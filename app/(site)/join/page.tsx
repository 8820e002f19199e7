import type { Metadata } from "next";
import { ButtonLink } from "@/app/_components/button";
import { NarrowPage } from "@/app/_components/page-shell";
import { daysInWords, monthlyPrice } from "@/app/(site)/_issue/offer";
import { getViewer } from "@/lib/auth/viewer";
import { SLUG } from "@/lib/issues/schema";
import { readerKindOf, trialAvailableFor, type Viewer } from "@/lib/memberships/access";
import type { PublicationSettings } from "@/lib/publication/queries";
import { readRefused } from "../_forms/answer-form";
import { loadPublication } from "../public-data";
import { SitePage } from "../site-page";
import { AddressForm, CheckoutForm, PortalForm } from "./join-forms";
import "./terms.css";
import { Terms } from "./terms";

export const instant = false;
export const metadata: Metadata = { title: "Become a member" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function JoinPage({ searchParams }: { searchParams: Search }) {
  const { issue } = await searchParams;
  const slug = typeof issue === "string" && SLUG.test(issue) ? issue : "";
  const [publication, viewer] = await Promise.all([loadPublication(), getViewer()]);
  return (
    <SitePage>
      <JoinBody publication={publication} viewer={viewer} issue={slug} />
    </SitePage>
  );
}

async function JoinBody({
  publication,
  viewer,
  issue,
}: {
  publication: PublicationSettings;
  viewer: Viewer;
  issue: string;
}) {
  const now = new Date();
  if (readerKindOf(viewer, { now, graceDays: publication.graceDays }) === "member") {
    return <AlreadyMember issue={issue} />;
  }
  const status = viewer.kind === "reader" ? viewer.membership?.status : undefined;
  if (status === "PAST_DUE" || status === "UNPAID" || status === "PAUSED") return <PaymentFailed />;
  const hasTrial = publication.trialDays > 0 && trialAvailableFor(viewer);
  const days = daysInWords(publication.trialDays);
  return (
    <NarrowPage
      title={
        hasTrial
          ? `${days} free, then ${monthlyPrice(publication)}`
          : `Membership, ${monthlyPrice(publication)}`
      }
      lead={`Membership of ${publication.name} by ${publication.authorName}.`}
    >
      <Terms publication={publication} hasTrial={hasTrial} now={now} />
      {viewer.kind === "stranger" ? (
        <AddressForm issue={issue} initial={await readRefused("join")} />
      ) : (
        <CheckoutForm
          initial={await readRefused("checkout")}
          issue={issue}
          label={hasTrial ? `Start my ${days} free` : `Join for ${monthlyPrice(publication)}`}
        />
      )}
      <p className="text-sm text-ink-soft">
        The card is entered at Stripe; we never see it.
        {issue !== "" && (
          <>
            {" "}
            <a href={`/p/${issue}`}>Back to the issue</a>
          </>
        )}
      </p>
    </NarrowPage>
  );
}

function AlreadyMember({ issue }: { issue: string }) {
  return (
    <NarrowPage title="You are a member" lead="Everything is open to you.">
      <div className="flex flex-wrap gap-3">
        <ButtonLink href={issue === "" ? "/archive" : `/p/${issue}`}>
          {issue === "" ? "Read the archive" : "Back to the issue"}
        </ButtonLink>
        <ButtonLink href="/account" tone="quiet">
          My account
        </ButtonLink>
      </div>
    </NarrowPage>
  );
}

async function PaymentFailed() {
  return (
    <NarrowPage
      title="Your last payment did not go through"
      lead="Your membership is still there. Update the card, and everything opens the moment the payment succeeds."
    >
      <PortalForm label="Update my card" tone="primary" initial={await readRefused("portal")} />
    </NarrowPage>
  );
}
