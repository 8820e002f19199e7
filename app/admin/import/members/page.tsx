import type { Metadata } from "next";
import { Button, ButtonLink } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { DoneNotice } from "@/app/admin/_desk/done-notice";
import { addressWith, oneOf, Paging } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { countMoveIns, listMoveIns, MOVE_IN_PARTS } from "@/lib/memberships/move-in-queries";
import { getPublication } from "@/lib/publication/queries";
import { MoveInSteps } from "./move-in-steps";
import { MoveInTable } from "./move-in-table";
import { DONE, EMPTY } from "./move-in-words";
import { PartTabs } from "./part-tabs";

export const instant = false;
export const metadata: Metadata = { title: "Move members in" };

const HERE = "/admin/import/members";

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function MoveInPage({ searchParams }: { searchParams: Search }) {
  await requireAuthor(HERE);
  const query = await searchParams;
  const search = oneOf(query.q).trim();
  const part = MOVE_IN_PARTS.find((each) => each === oneOf(query.part));
  const db = getDatabase();
  const [list, counts, publication] = await Promise.all([
    listMoveIns(db, { search, ...(part && { part }), page: Number(oneOf(query.page)) || 1 }),
    countMoveIns(db),
    getPublication(db),
  ]);
  const everybody = MOVE_IN_PARTS.reduce((sum, each) => sum + counts[each], 0);
  const done = DONE[oneOf(query.done)];
  return (
    <DeskPage
      place="import"
      title="Move members in"
      actions={
        <ButtonLink tone="quiet" href="/admin/import">
          Import a list
        </ButtonLink>
      }
    >
      {done && <DoneNotice>{done}</DoneNotice>}
      {everybody === 0 ? (
        <p className="desk-empty">{EMPTY.all}</p>
      ) : (
        <>
          <MoveInSteps counts={counts} />
          <PartTabs counts={counts} part={part} search={search} />
          <search>
            <form action={HERE} className="mb-4 flex max-w-md gap-2">
              {part && <input type="hidden" name="part" value={part} />}
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
            <p className="desk-empty">
              {search === "" ? EMPTY[part ?? "all"] : `Nobody here matches “${search}”.`}
            </p>
          ) : (
            <MoveInTable
              rows={list.rows}
              publication={publication}
              back={addressWith("", { q: search, part, page: list.page }).replace("?", "")}
            />
          )}
          <Paging
            page={list.page}
            pageCount={list.pageCount}
            total={list.total}
            hrefFor={(page) => addressWith(HERE, { q: search, part, page })}
          />
        </>
      )}
    </DeskPage>
  );
}
