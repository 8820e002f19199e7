import type { ReactNode } from "react";
import type { getGift } from "@/lib/memberships/gifts/queries";
import { formatDate, formatMoney } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { giftStateInWords, wayInWords } from "../gift-words";

type Gift = NonNullable<Awaited<ReturnType<typeof getGift>>>;

/** What the gift is, where it is, and every movement of its money. */
export function GiftFacts({ gift, publication }: { gift: Gift; publication: PublicationSettings }) {
  const date = (moment: Date | null) => (moment ? formatDate(moment, publication) : "");
  const money = (amount: number) => formatMoney(amount, gift.currency, publication.language);
  const facts: [string, ReactNode][] = [
    ["State", giftStateInWords(gift.state)],
    ["Price", `${money(gift.amountCents)}, once`],
    ["Bought by", <Person key="buyer" person={gift.buyer} email={gift.buyerEmail} />],
    ["For", [gift.receiverName, gift.receiverEmail].filter(Boolean).join(", ")],
    ["On its way", gift.state === "waiting" ? wayInWords(gift) : ""],
    ["Redeemed by", gift.redeemedAt && <Person key="receiver" person={gift.redeemedBy} email={null} />],
    ["Redeemed on", date(gift.redeemedAt)],
    ["Opens from", date(gift.startsAt)],
    ["To", date(gift.endsAt)],
  ];
  return (
    <section className="desk-panel" aria-labelledby="gift-title">
      <h2 id="gift-title">The gift</h2>
      <dl className="desk-facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        {gift.payments.map(({ id, kind, status, amountCents, at }) => (
          <div key={id}>
            <dt>{kind === "CHARGE" ? "Charge" : "Refund"}</dt>
            <dd>
              {money(amountCents)} {status}, {date(at)}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Person({ person, email }: { person: { id: string; email: string } | null; email: string | null }) {
  if (person) return <a href={`/admin/subscribers/${person.id}`}>{person.email}</a>;
  return <>{email ?? "somebody who was forgotten"}</>;
}
