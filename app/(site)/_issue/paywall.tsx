import type { ReactNode } from "react";
import { ButtonLink } from "@/app/_components/button";
import { listPlans, offerInWords } from "@/lib/publication/plans";
import type { PublicationSettings } from "@/lib/publication/queries";
import { daysInWords } from "./offer";
import "./paywall.css";

/**
 * Who stands before the wall. `lapsed` had a trial or a membership and gets no second trial; `unpaid` is a member
 * whose payment failed too long ago, `paused` one who paused.
 */
export type WallFor = "stranger" | "subscriber" | "lapsed" | "unpaid" | "paused";

/** The end of the free part: what there is, what it costs, when it charges, how to leave. Promises nothing else. */
export function Paywall({
  wallFor,
  publication,
  slug,
}: {
  wallFor: WallFor;
  publication: PublicationSettings;
  slug: string;
}) {
  const hasTrial = publication.trialDays > 0 && (wallFor === "stranger" || wallFor === "subscriber");
  return (
    <section className="paywall" aria-labelledby="paywall-title">
      <p className="folio">For members</p>
      <h2 id="paywall-title">{heading(wallFor, publication, hasTrial)}</h2>
      {wallFor === "unpaid" || wallFor === "paused" ? (
        <Waiting words={WAITING[wallFor]} />
      ) : (
        <Offer publication={publication} slug={slug} hasTrial={hasTrial} />
      )}
      {wallFor === "stranger" && (
        <p className="paywall-sign-in">
          Already a member? <a href={`/sign-in?next=${encodeURIComponent(`/p/${slug}`)}`}>Sign in</a> and this
          page opens.
        </p>
      )}
    </section>
  );
}

function heading(wallFor: WallFor, publication: PublicationSettings, hasTrial: boolean): string {
  if (wallFor === "paused") return "Your membership is paused";
  if (wallFor === "unpaid") return "Your last payment did not go through";
  if (hasTrial) return `Keep reading, free for ${daysInWords(publication.trialDays)}`;
  return wallFor === "lapsed" ? "Read on as a member again" : "Read on as a member";
}

const WAITING = {
  unpaid:
    "This issue and the archive open again the moment the payment succeeds. Update your card, or end your membership, on your account page.",
  paused:
    "This issue and the archive open again when the pause is over. On your account page you see when that is, and go on earlier with one press.",
} as const;

function Waiting({ words }: { words: string }): ReactNode {
  return (
    <>
      <p>{words}</p>
      <p>
        <ButtonLink href="/account">Go to my account</ButtonLink>
      </p>
    </>
  );
}

function Offer({
  publication,
  slug,
  hasTrial,
}: {
  publication: PublicationSettings;
  slug: string;
  hasTrial: boolean;
}): ReactNode {
  const { name, trialDays } = publication;
  const price = offerInWords(publication);
  const hasChoice = listPlans(publication).length > 1;
  return (
    <>
      <dl>
        <div>
          <dt>You get</dt>
          <dd>The rest of this issue now, every issue of {name} in full, and the whole archive.</dd>
        </div>
        <div>
          <dt>It costs</dt>
          <dd>
            {hasTrial ? (
              <>
                Nothing for {daysInWords(trialDays)}, then {price}. The first charge comes when the trial
                ends; you are told of it by mail before it happens.
              </>
            ) : (
              <>
                {price}, charged today and on the same day of each month{hasChoice && <> or year</>}.
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>To leave</dt>
          <dd>
            Cancel on your account page, in two clicks.
            {hasTrial
              ? " Cancel before the trial ends and you pay nothing."
              : " What is paid for stays open."}
          </dd>
        </div>
      </dl>
      <p>
        <ButtonLink href={`/join?issue=${encodeURIComponent(slug)}`}>
          {hasTrial
            ? `Start ${daysInWords(trialDays)} free`
            : hasChoice
              ? "Become a member"
              : `Join for ${price}`}
        </ButtonLink>
      </p>
    </>
  );
}
