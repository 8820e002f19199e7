import { DeskTable } from "@/app/admin/_desk/desk-table";
import { memberStateInWords } from "@/lib/memberships/change-words";
import type { Member } from "@/lib/memberships/figures-queries";
import { chargeAt, type Priced } from "@/lib/memberships/price-words";
import { formatMoney, formatPrice, isoDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { memberStateTone } from "./member-words";

export function MemberTable({
  rows,
  publication,
  now,
}: {
  rows: Member[];
  publication: PublicationSettings;
  now: Date;
}) {
  const { timeZone, language } = publication;
  return (
    <DeskTable
      label="Members"
      rows={rows}
      keyOf={(row) => row.subscriberId}
      columns={[
        {
          head: "Address",
          cell: (row) => (
            <>
              <a href={`/admin/subscribers/${row.subscriberId}`}>{row.email}</a>
              {row.name && <div className="desk-soft">{row.name}</div>}
            </>
          ),
        },
        {
          head: "State",
          cell: ({ state }) => (
            <span className={`desk-tag ${memberStateTone(state)}`}>{memberStateInWords(state)}</span>
          ),
        },
        { head: "Since", look: "whitespace-nowrap", cell: (row) => isoDate(row.since, timeZone) },
        {
          head: "Next charge",
          look: "whitespace-nowrap",
          cell: (row) => nextInWords(row, { timeZone, language, now }),
        },
        {
          head: "Price",
          look: "whitespace-nowrap number",
          cell: ({ price, nextChargeAt }) => <Price price={price} at={nextChargeAt} language={language} />,
        },
      ]}
    />
  );
}

/** What the next charge takes; the code that makes it less stands below. */
function Price({ price, at, language }: { price: Priced | null; at: Date | null; language: string }) {
  if (!price) return "free";
  const amount = chargeAt(price, at);
  return (
    <>
      {formatPrice(amount, price.currency, price.intervalMonths, language)}
      {amount < price.amountCents && <div className="desk-soft">{price.discountCode ?? "discount"}</div>}
    </>
  );
}

/** The day of the next charge, or why there is none. */
function nextInWords(
  member: Member,
  { timeZone, language, now }: { timeZone: string; language: string; now: Date },
): string {
  const { state, nextChargeAt, endsAt, due, graceEndsAt } = member;
  if (nextChargeAt) return isoDate(nextChargeAt, timeZone);
  if (state === "past-due") {
    const owed = due ? `${formatMoney(due.amountCents, due.currency, language)} owed` : "payment missing";
    if (!graceEndsAt) return owed;
    return `${owed}; access ${graceEndsAt > now ? "ends" : "ended"} ${isoDate(graceEndsAt, timeZone)}`;
  }
  if (state === "ended") return "none";
  return endsAt ? `none, ends ${isoDate(endsAt, timeZone)}` : "none";
}
