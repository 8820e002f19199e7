import type { Metadata } from "next";
import { ButtonLink } from "@/app/_components/button";
import { NarrowPage } from "@/app/_components/page-shell";
import { daysInWords } from "@/app/(site)/_issue/offer";
import { getViewer } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { readerKindOf, trialAvailableFor, type Viewer } from "@/lib/memberships/access";
import { type FreeTime, freeTimeOf } from "@/lib/memberships/free-time";
import { getMembership } from "@/lib/memberships/queries";
import { formatDate } from "@/lib/publication/format";
import { getPlan, listPlans } from "@/lib/publication/plans";
import type { PublicationSettings } from "@/lib/publication/queries";
import { readRefused } from "../_forms/answer-form";
import { loadPublication } from "../public-data";
import { SitePage } from "../site-page";
import { type Choice, readChoice } from "./choice";
import { AddressForm, CheckoutForm, PortalForm } from "./join-forms";
import { PlanChoice } from "./plan-choice";
import "./terms.css";
import { type Start, Terms } from "./terms";

export const instant = false;
export const metadata: Metadata = { title: "Become a member" };

const DAY_MS = 86_400_000;

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function JoinPage({ searchParams }: { searchParams: Search }) {
  const choice = readChoice(await searchParams);
  const [publication, viewer] = await Promise.all([loadPublication(), getViewer()]);
  return (
    <SitePage>
      <JoinBody publication={publication} viewer={viewer} choice={choice} />
    </SitePage>
  );
}

async function JoinBody({
  publication,
  viewer,
  choice,
}: {
  publication: PublicationSettings;
  viewer: Viewer;
  choice: Choice;
}) {
  const { issue } = choice;
  const now = new Date();
  const free = await freeTimeFor(viewer, now);
  if (!free && readerKindOf(viewer, { now, graceDays: publication.graceDays }) === "member") {
    return <AlreadyMember issue={issue} />;
  }
  if (viewer.kind === "reader" && viewer.membership?.pausedFrom) return <Paused />;
  const status = viewer.kind === "reader" ? viewer.membership?.status : undefined;
  if (status === "PAST_DUE" || status === "UNPAID" || status === "PAUSED") return <PaymentFailed />;
  const hasTrial = !free && publication.trialDays > 0 && trialAvailableFor(viewer);
  const days = daysInWords(publication.trialDays);
  const plans = listPlans(publication);
  const plan = getPlan(publication, choice.plan) ?? plans[0];
  const chosen = { ...choice, plan: plan.interval };
  return (
    <NarrowPage
      title={hasTrial ? `${days} free, then ${plan.price}` : `Membership, ${plan.price}`}
      lead={
        free
          ? `You read ${publication.name} for free until ${formatDate(free.endsAt, publication)}. Go on after that, without a gap.`
          : `Membership of ${publication.name} by ${publication.authorName}.`
      }
    >
      <PlanChoice plans={plans} choice={chosen} />
      <Terms publication={publication} plan={plan} start={startOf({ free, hasTrial, publication, now })} />
      {viewer.kind === "stranger" ? (
        <AddressForm choice={chosen} initial={await readRefused("join")} />
      ) : (
        <CheckoutForm
          initial={await readRefused("checkout")}
          choice={chosen}
          label={labelOf({ free, hasTrial, days, price: plan.price })}
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

/** Null for who pays, reads for free without an end, or for nothing at all. */
async function freeTimeFor(viewer: Viewer, now: Date): Promise<FreeTime | null> {
  if (viewer.kind === "stranger") return null;
  return freeTimeOf(await getMembership(getDatabase(), viewer.subscriberId), now);
}

function startOf({
  free,
  hasTrial,
  publication,
  now,
}: {
  free: FreeTime | null;
  hasTrial: boolean;
  publication: PublicationSettings;
  now: Date;
}): Start {
  if (free) return { kind: "later", firstCharge: free.firstChargeAt };
  if (!hasTrial) return { kind: "now" };
  return { kind: "trial", firstCharge: new Date(now.getTime() + publication.trialDays * DAY_MS) };
}

function labelOf({
  free,
  hasTrial,
  days,
  price,
}: {
  free: FreeTime | null;
  hasTrial: boolean;
  days: string;
  price: string;
}): string {
  if (free) return `Go on for ${price}`;
  return hasTrial ? `Start my ${days} free` : `Join for ${price}`;
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

function Paused() {
  return (
    <NarrowPage
      title="Your membership is paused"
      lead="It goes on by itself. On your account page you see when, and go on earlier with one press."
    >
      <div>
        <ButtonLink href="/account">Go to my account</ButtonLink>
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
