import { DELIVERY_STATES, replyInWords, stateInWords, stateTone } from "@/app/admin/_desk/delivery-states";
import { changeInWords, reasonInWords } from "@/lib/memberships/change-words";
import type { Change, Moment } from "@/lib/memberships/timeline";
import { formatMoney } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";

type Shown = { moment: Moment; publication: PublicationSettings };

const CAUSES = {
  EVENT: "Stripe told of a change",
  RECONCILE: "Compared with Stripe",
  CHECKOUT: "The checkout asked Stripe",
  AUTHOR: "The author decided",
  GIFT: "A gift was redeemed",
  READER: "The reader decided",
  MOVE: "Moved in",
} as const;

/** `cut` holds the issues that ended at the paywall for all but members. */
export function MomentWhat({ moment, publication, cut }: Shown & { cut: ReadonlySet<string> }) {
  switch (moment.kind) {
    case "event":
      return <>Stripe: {moment.type.replaceAll(/[._]/g, " ")}</>;
    case "change":
      return <>{CAUSES[moment.cause]}</>;
    case "payment": {
      const amount = formatMoney(moment.amountCents, moment.currency, publication.language);
      return (
        <>
          {moment.what === "CHARGE" ? "Charge of" : "Refund of"} <strong>{amount}</strong>
        </>
      );
    }
    case "issue":
      return (
        <>
          <a href={`/admin/issues/${moment.issueId}`}>{moment.title || "Untitled"}</a>
          {moment.variant === "TEASER" && cut.has(moment.issueId) && (
            <span className="desk-soft"> to the paywall</span>
          )}
        </>
      );
    case "notice":
      return <>{moment.notice.replaceAll("-", " ")}</>;
  }
}

export function MomentState({ moment }: { moment: Moment }) {
  switch (moment.kind) {
    case "event":
      return moment.handled ? null : <Tag tone="bad">waits</Tag>;
    case "change":
      return null;
    case "payment":
      return <Tag tone={PAYMENT_TONES[moment.status] ?? "plain"}>{moment.status}</Tag>;
    default: {
      const state = DELIVERY_STATES.find((each) => each === moment.state);
      return (
        <Tag tone={state ? stateTone(state) : "plain"}>
          {state ? stateInWords(state) : moment.state.toLowerCase()}
        </Tag>
      );
    }
  }
}

const PAYMENT_TONES: Readonly<Record<string, string>> = { succeeded: "good", failed: "bad" };

function Tag({ tone, children }: { tone: string; children: string }) {
  return (
    <div>
      <span className={`desk-tag ${tone}`}>{children}</span>
    </div>
  );
}

export function MomentDetail({ moment, publication }: Shown) {
  switch (moment.kind) {
    case "event":
      if (moment.error !== null) return <span className="desk-soft">{moment.error}</span>;
      if (moment.change)
        return <ChangeLines change={moment.change} at={moment.at} publication={publication} />;
      return <span className="desk-soft">{moment.handled ? "Changed nothing" : ""}</span>;
    case "change":
      return <ChangeLines change={moment.change} at={moment.at} publication={publication} />;
    case "payment":
      return <span className="desk-soft">{moment.reason ? reasonInWords(moment.reason) : ""}</span>;
    default:
      return (
        <span className="desk-soft">
          {moment.reply && replyInWords(moment.state, moment.reply, publication)}
        </span>
      );
  }
}

function ChangeLines({
  change: { before, after, reason },
  at,
  publication,
}: {
  change: Change;
  at: Date;
  publication: PublicationSettings;
}) {
  return (
    <ul>
      {changeInWords(before, after, { ...publication, at }).map((line) => (
        <li key={line}>{line}</li>
      ))}
      {reason && <li className="desk-soft">Because: {reasonInWords(reason)}</li>}
    </ul>
  );
}
