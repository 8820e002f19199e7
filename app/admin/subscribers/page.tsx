import type { Metadata } from "next";
import { Button } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { addressWith, oneOf, Paging } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { isoDate } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { listSubscribers } from "@/lib/subscribers/queries";

export const instant = false;
export const metadata: Metadata = { title: "Subscribers" };

const STATUSES = ["CONFIRMED", "PENDING", "UNSUBSCRIBED", "SUPPRESSED"] as const;

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function SubscribersPage({ searchParams }: { searchParams: Search }) {
  await requireAuthor("/admin/subscribers");
  const query = await searchParams;
  const search = oneOf(query.q);
  const status = STATUSES.find((each) => each === oneOf(query.status));
  const db = getDatabase();
  const [list, publication] = await Promise.all([
    listSubscribers(db, { search, ...(status && { status }), page: Number(oneOf(query.page)) || 1 }),
    getPublication(db),
  ]);
  const everybody = Object.values(list.counts).reduce((sum, count) => sum + count, 0);
  return (
    <DeskPage place="subscribers" title="Subscribers">
      <nav aria-label="Subscribers by status" className="desk-tabs">
        <a
          href={addressWith("/admin/subscribers", { q: search })}
          {...(!status && { "aria-current": "page" as const })}
        >
          All <span className="desk-soft">{everybody.toLocaleString("en")}</span>
        </a>
        {STATUSES.map((each) => (
          <a
            key={each}
            href={addressWith("/admin/subscribers", { q: search, status: each })}
            {...(each === status && { "aria-current": "page" as const })}
          >
            {each.toLowerCase()} <span className="desk-soft">{list.counts[each].toLocaleString("en")}</span>
          </a>
        ))}
      </nav>
      <search>
        <form action="/admin/subscribers" className="mb-4 flex max-w-md gap-2">
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
        <p className="desk-empty">
          {search === ""
            ? "Nobody yet. Share the site, or bring your list under Import."
            : `Nobody matches “${search}”.`}
        </p>
      ) : (
        <section className="desk-table-scroll" aria-label="Subscribers" tabIndex={0}>
          <table className="desk-table">
            <thead>
              <tr>
                <th scope="col">Address</th>
                <th scope="col">Status</th>
                <th scope="col">Membership</th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody>
              {list.rows.map((row) => (
                <tr key={row.id}>
                  <td>
                    {row.email}
                    {row.name && <div className="desk-soft">{row.name}</div>}
                  </td>
                  <td>{row.status.toLowerCase()}</td>
                  <td>{row.membershipStatus?.toLowerCase().replace("_", " ") ?? ""}</td>
                  <td className="whitespace-nowrap">{isoDate(row.createdAt, publication.timeZone)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Paging
        page={list.page}
        pageCount={list.pageCount}
        hrefFor={(page) => addressWith("/admin/subscribers", { q: search, status, page })}
      />
    </DeskPage>
  );
}
