import type { Metadata } from "next";
import { Button, ButtonLink } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { DoneNotice } from "@/app/admin/_desk/done-notice";
import { addressWith, oneOf, Paging } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getPublication } from "@/lib/publication/queries";
import { listSubscribers } from "@/lib/subscribers/queries";
import { EmptyList } from "./empty-list";
import { SubscriberTable } from "./subscriber-table";
import { STATUSES, statusInWords } from "./subscriber-words";

export const instant = false;
export const metadata: Metadata = { title: "Subscribers" };

const HERE = "/admin/subscribers";

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function SubscribersPage({ searchParams }: { searchParams: Search }) {
  await requireAuthor(HERE);
  const query = await searchParams;
  const search = oneOf(query.q).trim();
  const status = STATUSES.find((each) => each === oneOf(query.status));
  const db = getDatabase();
  const [list, publication] = await Promise.all([
    listSubscribers(db, { search, ...(status && { status }), page: Number(oneOf(query.page)) || 1 }),
    getPublication(db),
  ]);
  const everybody = Object.values(list.counts).reduce((sum, count) => sum + count, 0);
  const tab = (name: string, count: number, value?: string) => (
    <a
      key={name}
      href={addressWith(HERE, { q: search, status: value })}
      {...(value === status && { "aria-current": "page" as const })}
    >
      {name} <span className="desk-soft">{count.toLocaleString("en")}</span>
    </a>
  );
  return (
    <DeskPage place="subscribers" title="Subscribers" actions={<ListActions />}>
      {oneOf(query.done) === "erased" && <DoneNotice>The person is erased.</DoneNotice>}
      <nav aria-label="Subscribers by status" className="desk-tabs">
        {tab("All", everybody)}
        {STATUSES.map((each) => tab(statusInWords(each), list.counts[each], each))}
      </nav>
      <search>
        <form action={HERE} className="mb-4 flex max-w-md gap-2">
          {status && <input type="hidden" name="status" value={status} />}
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
        <EmptyList search={search} status={status} anybody={everybody > 0} />
      ) : (
        <SubscriberTable rows={list.rows} timeZone={publication.timeZone} />
      )}
      <Paging
        page={list.page}
        pageCount={list.pageCount}
        total={list.total}
        hrefFor={(page) => addressWith(HERE, { q: search, status, page })}
      />
    </DeskPage>
  );
}

function ListActions() {
  return (
    <>
      <ButtonLink tone="quiet" href={`${HERE}/export`} download>
        Export as CSV
      </ButtonLink>
      <ButtonLink tone="quiet" href="/admin/import#list">
        Import a list
      </ButtonLink>
    </>
  );
}
