import { Button } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import {
  answerInWords,
  copyInWords,
  DELIVERY_STATES,
  nextTryInWords,
  stateInWords,
  stateTone,
} from "@/app/admin/_desk/delivery-states";
import { DeskTable } from "@/app/admin/_desk/desk-table";
import { shortMoment } from "@/app/admin/_desk/moment";
import { addressWith, oneOf, Paging } from "@/app/admin/_desk/paging";
import { bounceInWords } from "@/app/admin/subscribers/bounce-words";
import { getDatabase } from "@/lib/db";
import { listCutIssues, variantHeld } from "@/lib/deliveries/free-part";
import type { StateCounts } from "@/lib/deliveries/progress";
import { type DeliveryInList, listDeliveries, listReasons } from "@/lib/deliveries/queries";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import { Reasons } from "./ledger/reasons";

export type LedgerQuery = Record<string, string | string[] | undefined>;

/** Every reader of this issue, one row each: what became of the mail and what the mail server said. */
export async function Ledger({
  issueId,
  query,
  counts,
  paused,
}: {
  issueId: string;
  query: LedgerQuery;
  counts: StateCounts;
  paused: boolean;
}) {
  const search = oneOf(query.q);
  const state = DELIVERY_STATES.find((each) => each === oneOf(query.state));
  const db = getDatabase();
  const [page, reasons, publication, cut] = await Promise.all([
    listDeliveries(db, { issueId, search, ...(state && { state }), page: Number(oneOf(query.page)) || 1 }),
    listReasons(db, issueId),
    getPublication(db),
    listCutIssues(db, [issueId]),
  ]);
  const here = `/admin/issues/${issueId}`;
  return (
    <>
      <Reasons reasons={reasons} here={here} paused={paused} publication={publication} />
      <details open={search !== "" || state !== undefined || page.page > 1}>
        <summary className="py-1 font-medium">Every reader, one row each</summary>
        <search>
          <form action={here} className="my-3 flex max-w-2xl flex-wrap gap-2">
            <input
              type="search"
              name="q"
              defaultValue={search}
              aria-label="Search addresses and answers"
              placeholder="Search addresses and answers"
              className={`${CONTROL_CLASS} flex-[1_1_12rem]`}
            />
            <select
              name="state"
              defaultValue={state ?? ""}
              aria-label="State"
              className={`${CONTROL_CLASS} min-w-0 flex-[0_1_max-content]`}
            >
              <option value="">in every state</option>
              {DELIVERY_STATES.map((each) => (
                <option key={each} value={each}>
                  {stateInWords(each)} ({counts[each].toLocaleString("en")})
                </option>
              ))}
            </select>
            <Button tone="quiet">Search</Button>
          </form>
        </search>
        <p className="mb-3">
          <a href={addressWith(`${here}/ledger`, { q: search, state })} download>
            {search === "" && state === undefined
              ? "Download every row (CSV)"
              : "Download what was found (CSV)"}
          </a>
        </p>
        {page.deliveries.length === 0 ? (
          <p className="desk-empty">Nobody matches.</p>
        ) : (
          <Rows
            rows={page.deliveries}
            issue={{ id: issueId, isCut: cut.has(issueId), paused }}
            publication={publication}
          />
        )}
        <Paging
          page={page.page}
          pageCount={page.pageCount}
          hrefFor={(number) => addressWith(here, { q: search, state, page: number })}
        />
      </details>
    </>
  );
}

type IssueOfRows = { id: string; isCut: boolean; paused: boolean };

function Rows({
  rows,
  issue,
  publication,
}: {
  rows: DeliveryInList[];
  issue: IssueOfRows;
  publication: PublicationSettings;
}) {
  return (
    <DeskTable
      label="Ledger"
      stacks
      rows={rows}
      keyOf={(row) => row.id}
      columns={[
        { head: "Reader", cell: (row) => <Reader row={row} /> },
        {
          head: "State",
          cell: ({ state, cameBack, nextAttemptAt }) => (
            <div>
              <span className={`desk-tag ${stateTone(state)}`}>{stateInWords(state)}</span>
              {state === "DEFERRED" && (
                <span className="desk-soft">
                  {" "}
                  {nextTryInWords(nextAttemptAt, { ...publication, paused: issue.paused })}
                </span>
              )}
              {cameBack && (
                <span className="desk-soft">
                  {" "}
                  {bounceInWords(cameBack.kind)} {shortMoment(cameBack.at, publication)}
                </span>
              )}
            </div>
          ),
        },
        { head: "Got", look: "whitespace-nowrap", cell: (row) => <Got row={row} issue={issue} /> },
        { head: "Tries", look: "number", cell: (row) => row.attempt },
        {
          head: "Last answer",
          look: "wide wrap-anywhere desk-soft",
          cell: (row) => answerInWords(row, publication),
        },
      ]}
    />
  );
}

function Reader({ row: { email, subscriberId } }: { row: DeliveryInList }) {
  if (email === null) return <span className="desk-soft">erased</span>;
  return <a href={`/admin/subscribers/${subscriberId}`}>{email}</a>;
}

function Got({ row: { id, email, variant }, issue }: { row: DeliveryInList; issue: IssueOfRows }) {
  if (variant === null) return null;
  const words = copyInWords(variantHeld(variant, issue.isCut));
  if (email === null) return words;
  return <a href={`/admin/issues/${issue.id}/received/${id}`}>{words}</a>;
}
