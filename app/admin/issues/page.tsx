import type { Metadata } from "next";
import { Button, ButtonLink } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { DoneNotice } from "@/app/admin/_desk/done-notice";
import { addressWith, oneOf, Paging } from "@/app/admin/_desk/paging";
import { StartButton } from "@/app/admin/_desk/start-button";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { countShelves, DESK_SHELVES, type DeskShelf, listOnDesk } from "@/lib/issues/desk-queries";
import { getPublication } from "@/lib/publication/queries";
import { startIssueAction } from "./actions";
import { IssueTable } from "./issue-table";

export const instant = false;
export const metadata: Metadata = { title: "Issues" };

const LABELS: Record<DeskShelf, string> = {
  drafts: "Drafts",
  scheduled: "Scheduled",
  published: "Published",
  pages: "Pages",
};

const EMPTY: Record<DeskShelf, string> = {
  drafts: "No draft. Start the next issue with the button above.",
  scheduled: "Nothing is scheduled. Open a draft and choose the next slot.",
  published: "Nothing is published yet. What you schedule or import appears here.",
  pages: "No pages. They come with an import, such as an about page.",
};

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function IssuesPage({ searchParams }: { searchParams: Search }) {
  await requireAuthor("/admin/issues");
  const query = await searchParams;
  const shelf = DESK_SHELVES.find((name) => name === oneOf(query.shelf)) ?? "drafts";
  const search = oneOf(query.q).trim();
  const db = getDatabase();
  const [counts, result, publication] = await Promise.all([
    countShelves(db, search),
    listOnDesk(db, { shelf, search, page: Number(oneOf(query.page)) || 1 }),
    getPublication(db),
  ]);
  return (
    <DeskPage place="issues" title="Issues" actions={<Actions />}>
      {oneOf(query.done) === "deleted" && <DoneNotice>The draft is deleted.</DoneNotice>}
      {oneOf(query.done) === "gone" && (
        <DoneNotice tone="problem">
          That issue is gone: its draft was deleted after you had opened it. Nothing else was changed.
        </DoneNotice>
      )}
      <nav aria-label="Issues by state" className="desk-tabs">
        {DESK_SHELVES.map((name) => (
          <a
            key={name}
            href={addressWith("/admin/issues", { shelf: name, q: search })}
            {...(name === shelf && { "aria-current": "page" as const })}
          >
            {LABELS[name]} <span className="desk-soft">{counts[name]}</span>
          </a>
        ))}
      </nav>
      <search>
        <form action="/admin/issues" className="mb-4 flex max-w-md gap-2">
          <input type="hidden" name="shelf" value={shelf} />
          <input
            type="search"
            name="q"
            defaultValue={search}
            aria-label="Search titles and addresses"
            placeholder="Search titles and addresses"
            className={CONTROL_CLASS}
          />
          <Button tone="quiet">Search</Button>
        </form>
      </search>
      {result.issues.length === 0 ? (
        <p className="desk-empty">
          {search === "" ? EMPTY[shelf] : `Nothing here matches “${search}”.`}{" "}
          {search !== "" && <a href={addressWith("/admin/issues", { shelf })}>Show all</a>}
        </p>
      ) : (
        <IssueTable issues={result.issues} publication={publication} now={new Date()} />
      )}
      <Paging
        page={result.page}
        pageCount={result.pageCount}
        total={result.total}
        hrefFor={(page) => addressWith("/admin/issues", { shelf, q: search, page })}
      />
    </DeskPage>
  );
}

function Actions() {
  return (
    <>
      <ButtonLink tone="quiet" href="/admin/import">
        Import
      </ButtonLink>
      <StartButton action={startIssueAction} />
    </>
  );
}
