import type { Metadata } from "next";
import { Button } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { addressWith, oneOf, Paging } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { memberStateInWords } from "@/lib/memberships/change-words";
import { MEMBER_STATES } from "@/lib/memberships/figures";
import { listMembers, readFigures } from "@/lib/memberships/figures-queries";
import { getReconciliationState } from "@/lib/memberships/reconciliations";
import { getPublication } from "@/lib/publication/queries";
import { EmptyMembers } from "./empty-members";
import { FiguresPart } from "./figures-part";
import { MemberTable } from "./member-table";
import { ReconciledPart } from "./reconciled-part";

export const instant = false;
export const metadata: Metadata = { title: "Members" };

const HERE = "/admin/members";

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function MembersPage({ searchParams }: { searchParams: Search }) {
  await requireAuthor(HERE);
  const query = await searchParams;
  const search = oneOf(query.q).trim();
  const state = MEMBER_STATES.find((each) => each === oneOf(query.state));
  const [db, now] = [getDatabase(), new Date()];
  const filter = { search, ...(state && { state }), page: Number(oneOf(query.page)) || 1 };
  const [list, figures, reconciliation, publication] = await Promise.all([
    listMembers(db, filter, { now }),
    readFigures(db, { now }),
    getReconciliationState(db, { now }),
    getPublication(db),
  ]);
  const everybody = Object.values(list.counts).reduce((sum, count) => sum + count, 0);
  const tab = (name: string, count: number, value?: string) => (
    <a
      key={name}
      href={addressWith(HERE, { q: search, state: value })}
      {...(value === state && { "aria-current": "page" as const })}
    >
      {name} <span className="desk-soft">{count.toLocaleString("en")}</span>
    </a>
  );
  return (
    <DeskPage
      place="members"
      title="Members"
      actions={
        <>
          <a href="/admin/gifts">Gifts</a>
          <a href="/admin/members/codes">Discount codes</a>
        </>
      }
    >
      <div className="mb-6 grid gap-4">
        <FiguresPart figures={figures} publication={publication} now={now} />
        <ReconciledPart state={reconciliation} publication={publication} />
      </div>
      <nav aria-label="Members by state" className="desk-tabs">
        {tab("All", everybody)}
        {MEMBER_STATES.map((each) => tab(memberStateInWords(each), list.counts[each], each))}
      </nav>
      <search>
        <form action={HERE} className="mb-4 flex max-w-md gap-2">
          {state && <input type="hidden" name="state" value={state} />}
          <input
            type="search"
            name="q"
            defaultValue={search}
            aria-label="Search addresses and names"
            placeholder="Search addresses and names"
            className={CONTROL_CLASS}
          />
          <Button tone="quiet">Search</Button>
        </form>
      </search>
      {list.rows.length === 0 ? (
        <EmptyMembers search={search} state={state} anybody={everybody > 0} />
      ) : (
        <MemberTable rows={list.rows} publication={publication} now={now} />
      )}
      <Paging
        page={list.page}
        pageCount={list.pageCount}
        total={list.total}
        hrefFor={(page) => addressWith(HERE, { q: search, state, page })}
      />
    </DeskPage>
  );
}
