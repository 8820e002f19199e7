import type { Metadata } from "next";
import { Button, ButtonLink } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { addressWith, oneOf, Paging } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { GIFT_STATES, listGifts } from "@/lib/memberships/gifts/queries";
import { getPublication } from "@/lib/publication/queries";
import { GiftTable } from "./gift-table";
import { giftStateInWords } from "./gift-words";

export const instant = false;
export const metadata: Metadata = { title: "Gifts" };

const HERE = "/admin/gifts";

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function GiftsPage({ searchParams }: { searchParams: Search }) {
  await requireAuthor(HERE);
  const query = await searchParams;
  const search = oneOf(query.q).trim();
  const state = GIFT_STATES.find((each) => each === oneOf(query.state));
  const db = getDatabase();
  const filter = { search, ...(state && { state }), page: Number(oneOf(query.page)) || 1 };
  const [list, publication] = await Promise.all([listGifts(db, filter), getPublication(db)]);
  const all = Object.values(list.counts).reduce((sum, count) => sum + count, 0);
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
      title="Gifts"
      actions={
        <ButtonLink tone="quiet" href="/gift">
          The gift page
        </ButtonLink>
      }
    >
      <nav aria-label="Gifts by state" className="desk-tabs">
        {tab("All", all)}
        {GIFT_STATES.map((each) => tab(giftStateInWords(each), list.counts[each], each))}
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
        <p className="desk-empty">
          {search !== "" || state ? (
            <>
              No gift fits. <a href={HERE}>Show all</a>
            </>
          ) : (
            "Nobody has given a membership yet. Readers find the page at the foot of the site, at /gift."
          )}
        </p>
      ) : (
        <GiftTable rows={list.rows} publication={publication} />
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
