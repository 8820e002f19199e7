import { Button } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import { answerInWords, DELIVERY_STATES, stateInWords, stateTone } from "@/app/admin/_desk/delivery-states";
import { DeskTable } from "@/app/admin/_desk/desk-table";
import { shortMoment } from "@/app/admin/_desk/moment";
import { addressWith, oneOf, Paging } from "@/app/admin/_desk/paging";
import { bounceInWords } from "@/app/admin/subscribers/bounce-words";
import { getDatabase } from "@/lib/db";
import type { StateCounts } from "@/lib/deliveries/progress";
import { type DeliveryInList, listDeliveries, listReasons, type Reason } from "@/lib/deliveries/queries";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";

export type LedgerQuery = Record<string, string | string[] | undefined>;

/** Every reader of this issue, one row each: what became of the mail and what the mail server said. */
export async function Ledger({
  issueId,
  query,
  counts,
}: {
  issueId: string;
  query: LedgerQuery;
  counts: StateCounts;
}) {
  const search = oneOf(query.q);
  const state = DELIVERY_STATES.find((each) => each === oneOf(query.state));
  const db = getDatabase();
  const [page, reasons, publication] = await Promise.all([
    listDeliveries(db, { issueId, search, ...(state && { state }), page: Number(oneOf(query.page)) || 1 }),
    listReasons(db, issueId),
    getPublication(db),
  ]);
  const here = `/admin/issues/${issueId}`;
  return (
    <>
      {reasons.length > 0 && <Reasons reasons={reasons} here={here} publication={publication} />}
      <details open={search !== "" || state !== undefined || page.page > 1}>
        <summary className="py-1 font-medium">Every reader, one row each</summary>
        <search>
          <form action={here} className="my-3 flex max-w-2xl flex-wrap gap-2">
            <input
              type="search"
              name="q"
              defaultValue={search}
              aria-label="Search addresses"
              placeholder="Search addresses"
              className={`${CONTROL_CLASS} flex-[1_1_12rem]`}
            />
            <select
              name="state"
              defaultValue={state ?? ""}
              aria-label="State"
              className={`${CONTROL_CLASS} flex-[0_1_14rem]`}
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
          <Rows rows={page.deliveries} issueId={issueId} publication={publication} />
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

function Reasons({
  reasons,
  here,
  publication,
}: {
  reasons: Reason[];
  here: string;
  publication: PublicationSettings;
}) {
  return (
    <section aria-labelledby="reasons-title">
      <h3 id="reasons-title" className="mb-1 font-medium">
        Why some did not get it
      </h3>
      <ul className="desk-lines grid gap-1">
        {reasons.map(({ state, reply, count, nextAttemptAt }) => (
          <li key={`${state} ${reply}`} className="grid grid-cols-[3.5rem_1fr] gap-2">
            <span className="text-right tabular-nums">{count.toLocaleString("en")}</span>
            <span>
              <a href={addressWith(here, { state })}>{stateInWords(state)}</a>
              <span className="desk-soft"> {reply ?? "without an answer"}</span>
              {nextAttemptAt && (
                <span className="desk-soft">
                  , tried again from {shortMoment(nextAttemptAt, publication)}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rows({
  rows,
  issueId,
  publication,
}: {
  rows: DeliveryInList[];
  issueId: string;
  publication: PublicationSettings;
}) {
  return (
    <DeskTable
      label="Ledger"
      rows={rows}
      keyOf={(row) => row.id}
      columns={[
        { head: "Reader", cell: (row) => <Reader row={row} /> },
        {
          head: "State",
          cell: ({ state, cameBack, nextAttemptAt }) => (
            <>
              <span className={`desk-tag ${stateTone(state)}`}>{stateInWords(state)}</span>
              {state === "DEFERRED" && (
                <span className="desk-soft"> next {shortMoment(nextAttemptAt, publication)}</span>
              )}
              {cameBack && (
                <span className="desk-soft">
                  {" "}
                  {bounceInWords(cameBack.kind)} {shortMoment(cameBack.at, publication)}
                </span>
              )}
            </>
          ),
        },
        { head: "Got", look: "whitespace-nowrap", cell: (row) => <Got row={row} issueId={issueId} /> },
        { head: "Tries", look: "number", cell: (row) => row.attempt },
        { head: "Last answer", look: "desk-soft", cell: answerInWords },
      ]}
    />
  );
}

function Reader({ row: { email, subscriberId } }: { row: DeliveryInList }) {
  if (email === null) return <span className="desk-soft">erased</span>;
  return <a href={`/admin/subscribers/${subscriberId}`}>{email}</a>;
}

function Got({ row: { id, email, variant }, issueId }: { row: DeliveryInList; issueId: string }) {
  if (variant === null) return null;
  const words = variant === "WHOLE" ? "the whole issue" : "the free part";
  if (email === null) return words;
  return <a href={`/admin/issues/${issueId}/received/${id}`}>{words}</a>;
}
