import { formatMoment } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import type { SubscriberHistory } from "@/lib/subscribers/queries";
import { statusInWords, statusTone } from "../subscriber-words";

const REASONS: Readonly<Record<string, string>> = {
  bounced: "mail to it bounced",
  complained: "somebody there complained",
  author: "closed by the author",
  imported: "closed in the list that was imported",
};

/** Who this is, and how they came to agree to the mail. */
export function PersonFacts({
  subscriber,
  publication,
}: {
  subscriber: SubscriberHistory;
  publication: PublicationSettings;
}) {
  const moment = (date: Date | null) => (date ? formatMoment(date, publication) : "");
  const rows: [string, string][] = [
    ["Name", subscriber.name],
    ["Since", moment(subscriber.createdAt)],
    ["Came from", subscriber.source],
    ["Consent", [subscriber.consent, moment(subscriber.consentAt)].filter(Boolean).join(", ")],
    ["Confirmed", moment(subscriber.confirmedAt)],
    ["Left", moment(subscriber.unsubscribedAt)],
    ["Closed", moment(subscriber.suppressedAt)],
    ["Because", REASONS[subscriber.suppressedReason ?? ""] ?? subscriber.suppressedReason ?? ""],
  ];
  return (
    <section className="desk-panel" aria-labelledby="person-title">
      <h2 id="person-title">The person</h2>
      <dl className="desk-facts">
        <div>
          <dt>Status</dt>
          <dd>
            <span className={`desk-tag ${statusTone(subscriber.status)}`}>
              {statusInWords(subscriber.status)}
            </span>
          </dd>
        </div>
        {rows
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
