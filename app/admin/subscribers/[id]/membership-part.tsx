import { opensPaidIssues } from "@/lib/memberships/access";
import { priceOfNextCharge } from "@/lib/memberships/price-words";
import { runsAtStripe } from "@/lib/memberships/status";
import { formatDate, formatMoney, isoDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import type { SubscriberHistory } from "@/lib/subscribers/queries";
import { membershipStatusInWords } from "../subscriber-words";
import { endCompAction } from "./actions";
import { CompForm } from "./comp-form";
import { PersonActionForm } from "./person-action-form";

type Membership = NonNullable<SubscriberHistory["membership"]>;

/** What this person may read and why, and the way to open everything to them for nothing. */
export function MembershipPart({
  subscriber,
  publication,
}: {
  subscriber: SubscriberHistory;
  publication: PublicationSettings;
}) {
  const { membership } = subscriber;
  const opens = opensPaidIssues(membership, { now: new Date(), graceDays: publication.graceDays });
  const isFree = membership !== null && membership.source !== "STRIPE" && opens;
  return (
    <section className="desk-panel" aria-labelledby="membership-title">
      <h2 id="membership-title">{opens ? "Reads everything" : "Reads what is free"}</h2>
      <div className="grid gap-4">
        {membership ? (
          <Facts membership={membership} publication={publication} />
        ) : (
          <p className="desk-soft">
            No membership{subscriber.hadTrial ? "; the trial was used" : "; the trial was not used"}.
          </p>
        )}
        {isFree && (
          <PersonActionForm action={endCompAction} subscriberId={subscriber.id} label="End it now" />
        )}
        {!opens && runsAtStripe(membership) && (
          <p className="desk-soft">
            To open everything for free, end the membership at Stripe first: it would go on charging.
          </p>
        )}
        {(isFree || (!opens && !runsAtStripe(membership))) && (
          <CompForm
            subscriberId={subscriber.id}
            endsOn={isFree && membership.endsAt ? isoDate(membership.endsAt, publication.timeZone) : ""}
            label={isFree ? "Change its end" : "Open everything for free"}
          />
        )}
      </div>
    </section>
  );
}

function Facts({ membership, publication }: { membership: Membership; publication: PublicationSettings }) {
  const date = (moment: Date | null) => (moment ? formatDate(moment, publication) : "");
  const { amountCents, currency, dueCents, cancelAtPeriodEnd, currentPeriodEndsAt } = membership;
  const { language } = publication;
  const isStripe = membership.source === "STRIPE";
  const rows: [string, string][] = [
    [
      "State",
      (membership.disputed ? "disputed" : membershipStatusInWords(membership.status)) +
        (cancelAtPeriodEnd ? ", cancelled" : ""),
    ],
    ["Through", { STRIPE: "Stripe", COMP: "the author, for free", GIFT: "a gift" }[membership.source]],
    [
      "Pays",
      amountCents !== null && currency
        ? priceOfNextCharge({ ...membership, amountCents, currency }, currentPeriodEndsAt, publication)
        : "",
    ],
    ["Owes", dueCents && currency ? formatMoney(dueCents, currency, language) : ""],
    ["Since", date(membership.startedAt)],
    ["Trial ends", date(membership.trialEndsAt)],
    ["Paid until", date(membership.currentPeriodEndsAt)],
    ["Ends", date(membership.endsAt) || (isStripe ? "" : "never")],
    ["Overdue", date(membership.pastDueSince)],
  ];
  return (
    <dl className="desk-facts">
      {rows
        .filter(([, value]) => value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
