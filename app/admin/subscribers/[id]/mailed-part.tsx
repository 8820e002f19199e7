import {
  answerInWords,
  copyInWords,
  nextTryInWords,
  stateInWords,
  stateTone,
} from "@/app/admin/_desk/delivery-states";
import { DeskTable } from "@/app/admin/_desk/desk-table";
import { shortMoment } from "@/app/admin/_desk/moment";
import { addressWith, Paging } from "@/app/admin/_desk/paging";
import { getDatabase } from "@/lib/db";
import { listMailedIssues, type MailedIssue } from "@/lib/deliveries/reader-history";
import type { PublicationSettings } from "@/lib/publication/queries";
import { bounceInWords } from "../bounce-words";

type Shown = { row: MailedIssue; publication: PublicationSettings };

/** Each issue that was mailed to this person, what became of it, and the very copy. */
export async function MailedPart({
  subscriberId,
  page,
  publication,
}: {
  subscriberId: string;
  page: number;
  publication: PublicationSettings;
}) {
  const mailed = await listMailedIssues(getDatabase(), subscriberId, { page });
  return (
    <section className="desk-panel" aria-labelledby="mailed-title">
      <h2 id="mailed-title">
        Issues mailed <span className="desk-soft">{mailed.total.toLocaleString("en")}</span>
      </h2>
      {mailed.total === 0 ? (
        <p className="desk-soft">None yet. Who has confirmed gets the next one.</p>
      ) : (
        <DeskTable
          label="Issues mailed to this person"
          stacks
          rows={mailed.issues}
          keyOf={({ deliveryId }) => deliveryId}
          columns={[
            {
              head: "When",
              look: "whitespace-nowrap",
              cell: ({ at }) => at && shortMoment(at, publication),
            },
            { head: "Issue", look: "wide", cell: (row) => <Title row={row} /> },
            { head: "State", cell: (row) => <State row={row} publication={publication} /> },
            { head: "Copy", look: "whitespace-nowrap", cell: (row) => <Copy row={row} /> },
            { head: "Tries", look: "number", cell: ({ attempt }) => attempt },
            {
              head: "Last answer",
              look: "wide wrap-anywhere desk-soft",
              cell: (row) => answerInWords(row, publication),
            },
          ]}
        />
      )}
      <Paging
        page={mailed.page}
        pageCount={mailed.pageCount}
        total={mailed.total}
        hrefFor={(number) => addressWith(`/admin/subscribers/${subscriberId}`, { mailed: number })}
      />
    </section>
  );
}

function Title({ row: { issue } }: { row: MailedIssue }) {
  return <a href={`/admin/issues/${issue.id}`}>{issue.title || "Untitled"}</a>;
}

function State({ row: { state, nextAttemptAt, paused, cameBack }, publication }: Shown) {
  return (
    <div>
      <span className={`desk-tag ${stateTone(state)}`}>{stateInWords(state)}</span>
      {state === "DEFERRED" && (
        <span className="desk-soft"> {nextTryInWords(nextAttemptAt, { ...publication, paused })}</span>
      )}
      {cameBack && (
        <span className="desk-soft">
          {" "}
          {bounceInWords(cameBack.kind)} {shortMoment(cameBack.at, publication)}
        </span>
      )}
    </div>
  );
}

function Copy({ row: { held, issue, deliveryId } }: { row: MailedIssue }) {
  if (held === null) return <span className="desk-soft">none</span>;
  return <a href={`/admin/issues/${issue.id}/received/${deliveryId}`}>{copyInWords(held)}</a>;
}
