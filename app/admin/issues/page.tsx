import type { Metadata } from "next";
import { Button } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { addressWith, oneOf, Paging } from "@/app/admin/_desk/paging";
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
  const search = oneOf(query.q);
  const db = getDatabase();
  const [counts, result, publication] = await Promise.all([
    countShelves(db),
    listOnDesk(db, { shelf, search, page: Number(oneOf(query.page)) || 1 }),
    getPublication(db),
  ]);
  return (
    <DeskPage place="issues" title="Issues" actions={<NewIssue />}>
      {oneOf(query.done) === "deleted" && <Notice tone="success">The draft is deleted.</Notice>}
      <nav aria-label="Issues by state" className="desk-tabs">
        {DESK_SHELVES.map((name) => (
          <a
            key={name}
            href={addressWith("/admin/issues", { shelf: name })}
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
        <p className="desk-empty">{search === "" ? EMPTY[shelf] : `Nothing here matches “${search}”.`}</p>
      ) : (
        <IssueTable issues={result.issues} publication={publication} />
      )}
      <Paging
        page={result.page}
        pageCount={result.pageCount}
        hrefFor={(page) => addressWith("/admin/issues", { shelf, q: search, page })}
      />
    </DeskPage>
  );
}

function NewIssue() {
  return (
    <form action={startIssueAction}>
      <Button>New issue</Button>
    </form>
  );
}
