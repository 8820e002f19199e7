import { DeskTable } from "@/app/admin/_desk/desk-table";
import { isoDate } from "@/lib/publication/format";
import type { SubscriberInList } from "@/lib/subscribers/queries";
import { membershipStatusInWords, statusInWords, statusTone } from "./subscriber-words";

export function SubscriberTable({ rows, timeZone }: { rows: SubscriberInList[]; timeZone: string }) {
  return (
    <DeskTable
      label="Subscribers"
      rows={rows}
      keyOf={(row) => row.id}
      columns={[
        {
          head: "Address",
          cell: (row) => (
            <>
              <a href={`/admin/subscribers/${row.id}`}>{row.email}</a>
              {row.name && <div className="desk-soft">{row.name}</div>}
            </>
          ),
        },
        {
          head: "Status",
          cell: ({ status }) => (
            <span className={`desk-tag ${statusTone(status)}`}>{statusInWords(status)}</span>
          ),
        },
        { head: "Membership", cell: (row) => membershipStatusInWords(row.membershipStatus) },
        { head: "Since", look: "whitespace-nowrap", cell: (row) => isoDate(row.createdAt, timeZone) },
      ]}
    />
  );
}
