import { daysInWords } from "@/app/(site)/_issue/offer";
import { formatDate } from "@/lib/publication/format";
import type { Plan } from "@/lib/publication/plans";
import type { PublicationSettings } from "@/lib/publication/queries";

/** When the first charge comes: now, after the trial, or when what is free already ends. */
export type Start = { kind: "now" } | { kind: "trial" | "later"; firstCharge: Date };

const LEAVING: Readonly<Record<Start["kind"], string>> = {
  now: "What you paid for stays open to its end.",
  trial: "Leave before the trial ends and nothing is charged.",
  later: "Leave before that day and nothing is charged.",
};

/** Everything a person has to know before a card is asked for: what, how much, when, and how to leave. */
export function Terms({
  publication,
  plan,
  start,
}: {
  publication: PublicationSettings;
  plan: Plan;
  start: Start;
}) {
  const { price, saving } = plan;
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
          {start.kind === "now" ? (
            <>{price}, for the first time today.</>
          ) : (
            <>
              Nothing {start.kind === "trial" ? `for ${daysInWords(publication.trialDays)}` : "now"}. Then{" "}
              {price}, for the first time on {formatDate(start.firstCharge, publication)}.
            </>
          )}
          {saving && ` Compared with the month: ${saving}.`}
        </dd>
      </div>
      <div>
        <dt>You are told</dt>
        <dd>
          {start.kind !== "now"
            ? "By mail today and three days before the first charge, and after every payment."
            : "By mail after every payment."}
        </dd>
      </div>
      <div>
        <dt>To leave</dt>
        <dd>
          At any time, in two clicks: by a link in each of these mails, or on your account page.{" "}
          {LEAVING[start.kind]}
        </dd>
      </div>
    </dl>
  );
}
