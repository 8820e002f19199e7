import { isoDate } from "@/lib/publication/format";
import type { SubscriberInList } from "@/lib/subscribers/queries";
import { membershipStatusInWords, statusInWords, statusTone } from "./subscriber-words";

export function SubscriberTable({ rows, timeZone }: { rows: SubscriberInList[]; timeZone: string }) {
  return (
    <section className="desk-table-scroll" aria-label="Subscribers" tabIndex={0}>
      <table className="desk-table">
        <thead>
          <tr>
            <th scope="col">Address</th>
            <th scope="col">Status</th>
            <th scope="col">Membership</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <a href={`/admin/subscribers/${row.id}`}>{row.email}</a>
                {row.name && <div className="desk-soft">{row.name}</div>}
              </td>
              <td>
                <span className={`desk-tag ${statusTone(row.status)}`}>{statusInWords(row.status)}</span>
              </td>
              <td>{membershipStatusInWords(row.membershipStatus)}</td>
              <td className="whitespace-nowrap">{isoDate(row.createdAt, timeZone)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
