import { Button } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import { LiveProgress } from "@/app/admin/_desk/live-progress";
import { addressWith, oneOf, Paging } from "@/app/admin/_desk/paging";
import {
  leaveUncertainAction,
  pauseAction,
  resendUncertainAction,
  resumeAction,
} from "@/app/admin/issues/actions";
import { IssueActionForm } from "@/app/admin/issues/issue-forms";
import { getDatabase } from "@/lib/db";
import type { SendingProgress } from "@/lib/deliveries/progress";
import { getSendingProgress, listDeliveries } from "@/lib/deliveries/queries";

const STATES = ["QUEUED", "SENDING", "SENT", "DEFERRED", "FAILED", "UNCERTAIN", "SKIPPED"] as const;

type Query = Record<string, string | string[] | undefined>;

/** How the sending of this issue goes, once it began, and its ledger. */
export async function Sending({ issueId, search }: { issueId: string; search: Query }) {
  const db = getDatabase();
  const progress = await getSendingProgress(db, issueId, { now: new Date() });
  if (progress.stage === "not-started") return null;
  return (
    <section className="desk-panel grid gap-4" aria-labelledby="sending-title">
      <h2 id="sending-title">Sending</h2>
      <LiveProgress issueId={issueId} initial={progress} />
      <Controls issueId={issueId} progress={progress} />
      <Ledger issueId={issueId} query={search} />
    </section>
  );
}

function Controls({
  issueId,
  progress,
}: {
  issueId: string;
  progress: Exclude<SendingProgress, { stage: "not-started" }>;
}) {
  return (
    <div className="flex flex-wrap gap-2">
      {(progress.stage === "sending" || progress.stage === "waiting") && (
        <IssueActionForm action={pauseAction} issueId={issueId} label="Pause sending" />
      )}
      {progress.stage === "paused" && (
        <IssueActionForm action={resumeAction} issueId={issueId} label="Go on sending" tone="primary" />
      )}
      {progress.counts.UNCERTAIN > 0 && (
        <>
          <IssueActionForm
            action={resendUncertainAction}
            issueId={issueId}
            label="Mail the uncertain again"
          />
          <IssueActionForm action={leaveUncertainAction} issueId={issueId} label="Leave the uncertain" />
        </>
      )}
    </div>
  );
}

async function Ledger({ issueId, query }: { issueId: string; query: Query }) {
  const search = oneOf(query.q);
  const state = STATES.find((each) => each === oneOf(query.state));
  const page = await listDeliveries(getDatabase(), {
    issueId,
    search,
    ...(state && { state }),
    page: Number(oneOf(query.page)) || 1,
  });
  const here = `/admin/issues/${issueId}`;
  return (
    <details open={search !== "" || state !== undefined || page.page > 1}>
      <summary className="py-1">Every reader, one row each</summary>
      <search>
        <form action={here} className="my-3 flex max-w-xl flex-wrap gap-2">
          <input
            type="search"
            name="q"
            defaultValue={search}
            aria-label="Search addresses"
            placeholder="Search addresses"
            className={`${CONTROL_CLASS} flex-[1_1_12rem]`}
          />
          <select name="state" defaultValue={state ?? ""} aria-label="State" className="desk-quiet bg-paper">
            <option value="">every state</option>
            {STATES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
          <Button tone="quiet">Search</Button>
        </form>
      </search>
      {page.deliveries.length === 0 ? (
        <p className="desk-empty">Nobody matches.</p>
      ) : (
        <section className="desk-table-scroll" aria-label="Ledger" tabIndex={0}>
          <table className="desk-table">
            <thead>
              <tr>
                <th scope="col">Reader</th>
                <th scope="col">State</th>
                <th scope="col">Got</th>
                <th scope="col">Last answer</th>
              </tr>
            </thead>
            <tbody>
              {page.deliveries.map((row) => (
                <tr key={row.id}>
                  <td>{row.email ?? <span className="desk-soft">erased</span>}</td>
                  <td>{row.state}</td>
                  <td>
                    {row.variant === null
                      ? ""
                      : row.variant === "WHOLE"
                        ? "the whole issue"
                        : "the free part"}
                  </td>
                  <td className="desk-soft">{row.reply}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Paging
        page={page.page}
        pageCount={page.pageCount}
        hrefFor={(number) => addressWith(here, { q: search, state, page: number })}
      />
    </details>
  );
}
