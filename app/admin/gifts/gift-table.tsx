import { DeskTable } from "@/app/admin/_desk/desk-table";
import type { DeskGift } from "@/lib/memberships/gifts/queries";
import { formatMoney, isoDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { giftStateInWords, giftStateTone, wayInWords } from "./gift-words";

export function GiftTable({ rows, publication }: { rows: DeskGift[]; publication: PublicationSettings }) {
  const { timeZone, language } = publication;
  return (
    <DeskTable
      label="Gifts"
      rows={rows}
      keyOf={(row) => row.id}
      columns={[
        {
          head: "From",
          cell: (row) => <a href={`/admin/gifts/${row.id}`}>{row.buyerEmail ?? "a forgotten buyer"}</a>,
        },
        {
          head: "For",
          cell: (row) =>
            row.redeemedBy ? (
              <a href={`/admin/subscribers/${row.redeemedBy.id}`}>{row.redeemedBy.email}</a>
            ) : (
              <span>{row.receiverEmail || row.receiverName || "whoever has the link"}</span>
            ),
        },
        {
          head: "State",
          cell: (row) => (
            <>
              <span className={`desk-tag ${giftStateTone(row.state)}`}>{giftStateInWords(row.state)}</span>
              {row.state === "waiting" && <div className="desk-soft">{wayInWords(row)}</div>}
            </>
          ),
        },
        {
          head: "Paid",
          look: "whitespace-nowrap",
          cell: (row) => row.paidAt && isoDate(row.paidAt, timeZone),
        },
        {
          head: "Until",
          look: "whitespace-nowrap",
          cell: (row) => (row.endsAt ? isoDate(row.endsAt, timeZone) : `${row.months} months`),
        },
        {
          head: "Amount",
          look: "whitespace-nowrap number",
          cell: (row) => formatMoney(row.amountCents, row.currency, language),
        },
      ]}
    />
  );
}
