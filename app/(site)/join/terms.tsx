import { daysInWords } from "@/app/(site)/_issue/offer";
import { formatDate } from "@/lib/publication/format";
import type { Plan } from "@/lib/publication/plans";
import type { PublicationSettings } from "@/lib/publication/queries";

const DAY_MS = 86_400_000;

/** Everything a person has to know before a card is asked for: what, how much, when, and how to leave. */
export function Terms({
  publication,
  plan,
  hasTrial,
  now,
}: {
  publication: PublicationSettings;
  plan: Plan;
  hasTrial: boolean;
  now: Date;
}) {
  const { price, saving } = plan;
  const firstCharge = new Date(now.getTime() + publication.trialDays * DAY_MS);
  return (
    <dl className="terms">
      <div>
        <dt>You get</dt>
        <dd>
          Every issue of {publication.name} in full, by mail and here, the whole archive, and a feed of your
          own.
        </dd>
      </div>
      <div>
        <dt>It costs</dt>
        <dd>
          {hasTrial ? (
            <>
              Nothing for {daysInWords(publication.trialDays)}. Then {price}, for the first time on{" "}
              {formatDate(firstCharge, publication)}.
            </>
          ) : (
            <>{price}, for the first time today.</>
          )}
          {saving && ` Compared with the month: ${saving}.`}
        </dd>
      </div>
      <div>
        <dt>You are told</dt>
        <dd>
          {hasTrial
            ? "By mail today and three days before the first charge, and after every payment."
            : "By mail after every payment."}
        </dd>
      </div>
      <div>
        <dt>To leave</dt>
        <dd>
          At any time, in two clicks: by a link in each of these mails, or on your account page.{" "}
          {hasTrial
            ? "Leave before the trial ends and nothing is charged."
            : "What you paid for stays open to its end."}
        </dd>
      </div>
    </dl>
  );
}
