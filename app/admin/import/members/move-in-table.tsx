import { DeskTable } from "@/app/admin/_desk/desk-table";
import { priceInWords } from "@/lib/memberships/change-words";
import { type Candidate, whyUndecided } from "@/lib/memberships/move-in-match";
import type { MoveInRow } from "@/lib/memberships/move-in-queries";
import { isoDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { Decisions } from "./decisions";
import { listedInWords, stateInWords } from "./move-in-words";

export function MoveInTable({
  rows,
  publication,
  back,
}: {
  rows: MoveInRow[];
  publication: PublicationSettings;
  back: string;
}) {
  return (
    <DeskTable
      label="Readers to move in"
      stacks
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
        { head: "By the list", cell: (row) => listedInWords(row, publication) },
        { head: "At Stripe", look: "wide", cell: (row) => <AtStripe row={row} publication={publication} /> },
        {
          head: "State",
          cell: (row) => {
            const { words, tone } = stateInWords(row);
            return <span className={`desk-tag ${tone}`}>{words}</span>;
          },
        },
        { head: "Decide", cell: (row) => <Decisions row={row} back={back} /> },
      ]}
    />
  );
}

function AtStripe({ row, publication }: { row: MoveInRow; publication: PublicationSettings }) {
  const { state, candidates, customerId } = row;
  if (state === "WAITING") return <span className="desk-soft">not looked at yet</span>;
  const shown = customerId ? candidates.filter((each) => each.customerId === customerId) : candidates;
  return (
    <>
      {state === "UNDECIDED" && <p>{whyUndecided(candidates, row)}</p>}
      {shown.length > 0 && (
        <ul className="desk-soft grid gap-1">
          {shown.map((each) => (
            <li key={each.customerId}>{inWords(each, publication)}</li>
          ))}
        </ul>
      )}
      {shown.length === 0 && state !== "UNDECIDED" && <span className="desk-soft">nothing</span>}
    </>
  );
}

function inWords(candidate: Candidate, { language, timeZone }: PublicationSettings): string {
  const { customerId, by, isTaken, subscriptions } = candidate;
  const running = subscriptions.map(
    ({ status, amountCents, currency, intervalMonths, periodEndsAt, isCancelled }) => {
      const price =
        amountCents !== null && currency
          ? priceInWords({ amountCents, currency, intervalMonths }, language)
          : "";
      const until =
        periodEndsAt && `${isCancelled ? "ends" : "until"} ${isoDate(new Date(periodEndsAt), timeZone)}`;
      return [price, status.replace("_", " "), until].filter(Boolean).join(", ");
    },
  );
  const why = isTaken ? "another reader’s" : by === "LIST" ? "named by the list" : "an equal address";
  return `${customerId} (${why}): ${running.join("; ")}`;
}
