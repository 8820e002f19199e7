"use client";

import type { ReactNode } from "react";
import { Notice } from "@/app/_components/notice";
import type { Outcome } from "./use-import";

const SHOWN = 100;

type Reports = {
  issues: Extract<Outcome, { issues: unknown }>["issues"];
  list: Extract<Outcome, { list: unknown }>["list"];
  moves: Extract<Outcome, { moves: unknown }>["moves"];
};

const counted = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** What came in, what did not and why, and what to do next. */
export function ImportOutcome({ outcome }: { outcome: Outcome }) {
  if ("issues" in outcome) return <IssuesReport report={outcome.issues} />;
  if ("list" in outcome) return <ListReport report={outcome.list} />;
  if ("moves" in outcome) return <MoveInOutcome run={outcome.moves} />;
  return (
    <Notice tone="problem">
      {outcome.problem}
      {outcome.signedOut && (
        <>
          {" "}
          <a href="/sign-in?next=/admin/import" target="_blank" rel="noopener">
            Sign in in another tab
          </a>
          , then import it from here again.
        </>
      )}
    </Notice>
  );
}

function IssuesReport({ report }: { report: Reports["issues"] }) {
  const { added, known, subscribers, undecidedMembers, guests, skipped, notes } = report;
  return (
    <div className="grid gap-3">
      <Notice
        tone="success"
        title={`${counted(added.length, "issue")} came in${known.length > 0 ? `, ${known.length} were here already` : ""}`}
      >
        {added.length + known.length === 0 ? "The file holds no issue." : "Nothing was mailed."}
        {subscribers && (
          <p>
            {counted(subscribers.added, "subscriber")} added, {subscribers.unchanged.toLocaleString("en")}{" "}
            unchanged{subscribers.left > 0 && `, ${subscribers.left.toLocaleString("en")} left`}.
          </p>
        )}
        <Paid paying={undecidedMembers} guests={guests} />
      </Notice>
      <Part
        title="Came in"
        items={added.map((issue) => ({ key: issue.id, words: <IssueLink {...issue} /> }))}
        open
      />
      <Part
        title="Were here already and are as they were"
        items={known.map((issue) => ({ key: issue.id, words: <IssueLink {...issue} /> }))}
      />
      <Part
        title="Skipped"
        items={skipped.map(({ what, why }, index) => ({ key: `${index}`, words: `${what}: ${why}` }))}
        open
      />
      <Part
        title="Changed on the way"
        items={notes.map(({ what, message }, index) => ({ key: `${index}`, words: `${what}: ${message}` }))}
      />
    </div>
  );
}

/** Who was comped or gifted reads everything already; who pays is moved in as a step of its own. */
function Paid({ paying, guests }: { paying: number; guests: { comped: number; gifted: number } }) {
  const free = guests.comped + guests.gifted;
  return (
    <>
      {free > 0 && (
        <p>
          {counted(guests.comped, "reader")} comped and {guests.gifted.toLocaleString("en")} gifted: they read
          everything now, as long as the list says.
        </p>
      )}
      {paying > 0 && (
        <p>
          {counted(paying, "reader pays", "readers pay")} by the list.{" "}
          <a href="/admin/import/members">Move their Stripe subscriptions in</a>
        </p>
      )}
    </>
  );
}

function MoveInOutcome({ run }: { run: Reports["moves"] }) {
  const { moved, comped, gifted, failed } = run;
  return (
    <Notice tone={failed > 0 ? "problem" : "success"} title={`${counted(moved, "member")} moved in`}>
      {comped + gifted > 0 && <p>{counted(comped + gifted, "guest")} read everything now.</p>}
      {failed > 0 && (
        <p>{failed.toLocaleString("en")} could not be moved now. Nothing is lost: look at Stripe again.</p>
      )}
      <p>Nobody was charged or mailed.</p>
    </Notice>
  );
}

function IssueLink({ id, title, slug }: { id: string; title: string; slug: string }) {
  return <a href={`/admin/issues/${id}`}>{title || slug}</a>;
}

function ListReport({ report }: { report: Reports["list"] }) {
  const { rows, added, confirmed, left, unchanged, suppressed, repeated, problems, problemCount } = report;
  const { guests, paidElsewhere } = report;
  const lines: [number, string][] = [
    [unchanged, "were here already and are as they were"],
    [confirmed, "had waited for their confirmation and are confirmed now"],
    [left, "left, as the list says"],
    [suppressed, "stay closed: they bounced, complained or were closed by you"],
    [repeated, "repeated an earlier line"],
  ];
  return (
    <div className="grid gap-3">
      <Notice tone="success" title={`${counted(added, "subscriber")} added, of ${counted(rows, "line")}`}>
        <ul>
          {lines
            .filter(([count]) => count > 0)
            .map(([count, words]) => (
              <li key={words}>
                {count.toLocaleString("en")} {words}
              </li>
            ))}
        </ul>
        <Paid paying={paidElsewhere} guests={guests} />
        <a href="/admin/subscribers">See them all</a>
      </Notice>
      <Part
        title={`Skipped lines (${problemCount.toLocaleString("en")})`}
        items={problems.map(({ line, problem }) => ({ key: `${line}`, words: `Line ${line}: ${problem}` }))}
        open
      />
      {problems.length > SHOWN && (
        <div>
          <button type="button" className="desk-quiet" onClick={() => saveAsCsv(problems)}>
            Save all of them as a file
          </button>
        </div>
      )}
    </div>
  );
}

function Part({
  title,
  items,
  open = false,
}: {
  title: string;
  items: { key: string; words: ReactNode }[];
  open?: boolean;
}) {
  if (items.length === 0) return null;
  return (
    <details open={open}>
      <summary className="py-1 font-medium">{title}</summary>
      <ul aria-label={title} tabIndex={0} className="desk-lines grid max-h-80 gap-1 overflow-y-auto pl-4">
        {items.slice(0, SHOWN).map(({ key, words }) => (
          <li key={key}>{words}</li>
        ))}
        {items.length > SHOWN && (
          <li className="desk-soft">and {(items.length - SHOWN).toLocaleString("en")} more</li>
        )}
      </ul>
    </details>
  );
}

function saveAsCsv(problems: readonly { line: number; problem: string }[]): void {
  const rows = problems.map(({ line, problem }) => `${line},"${problem.replaceAll('"', '""')}"`);
  const url = URL.createObjectURL(new Blob([["line,problem", ...rows].join("\r\n")], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "skipped-lines.csv";
  link.click();
  URL.revokeObjectURL(url);
}
