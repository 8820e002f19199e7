import { Button } from "@/app/_components/button";
import { CONTROL_CLASS } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import { PageShell, type Visitor } from "@/app/_components/page-shell";
import type { IssueInList, IssuePage } from "@/lib/issues/queries";
import { isoDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import "./archive-page.css";
import { IssueList } from "./issue-list";

export type ArchivePageProps = {
  publication: PublicationSettings;
  visitor: Visitor;
  found: IssuePage | null;
  search?: string;
  /** Set where the search was refused because there were too many. */
  retryAfterSeconds?: number;
};

/** Every published issue by year, or what a search found in titles, subtitles and free text. */
export function ArchivePage({
  publication,
  visitor,
  found,
  search = "",
  retryAfterSeconds,
}: ArchivePageProps) {
  return (
    <PageShell publication={publication} visitor={visitor}>
      <header className="archive-head">
        <h1>Archive</h1>
        <search>
          <form action="/archive" className="archive-search">
            <label htmlFor="search" className="sr-only">
              Search titles and free text
            </label>
            <input
              id="search"
              type="search"
              name="q"
              defaultValue={search}
              maxLength={200}
              placeholder="Titles and free text"
              className={CONTROL_CLASS}
            />
            <Button tone="quiet">Search</Button>
          </form>
        </search>
      </header>
      {retryAfterSeconds !== undefined && (
        <Notice tone="problem" title="Too many searches at once">
          Wait {retryAfterSeconds} seconds and search again, or <a href="/archive">browse the archive</a>.
        </Notice>
      )}
      {found && <Found found={found} search={search} publication={publication} />}
    </PageShell>
  );
}

function Found({
  found,
  search,
  publication,
}: {
  found: IssuePage;
  search: string;
  publication: PublicationSettings;
}) {
  if (found.total === 0) return <Nothing search={search} />;
  return (
    <>
      {search !== "" && (
        <p className="archive-count" role="status">
          {found.total === 1 ? "One issue" : `${found.total} issues`} with “{search}”.{" "}
          <a href="/archive">Show all</a>
        </p>
      )}
      {byYear(found.issues, publication.timeZone).map(([year, issues]) => (
        <section key={year} aria-labelledby={`year-${year}`} className="archive-year">
          <h2 id={`year-${year}`} className="folio">
            {year}
          </h2>
          <IssueList issues={issues} dating={publication} />
        </section>
      ))}
      <Paging found={found} search={search} />
    </>
  );
}

function Nothing({ search }: { search: string }) {
  if (search === "")
    return (
      <p className="archive-empty">
        Nothing is published yet. <a href="/subscribe">Subscribe</a> and the first issue comes to you.
      </p>
    );
  return (
    <p className="archive-empty" role="status">
      No issue has “{search}” in its title or its free text. Try fewer words, or{" "}
      <a href="/archive">browse all issues</a>.
    </p>
  );
}

function Paging({ found, search }: { found: IssuePage; search: string }) {
  if (found.pageCount === 1) return null;
  const href = (page: number) => {
    const query = new URLSearchParams({ ...(search && { q: search }), ...(page > 1 && { page: `${page}` }) });
    return query.size === 0 ? "/archive" : `/archive?${query}`;
  };
  return (
    <nav className="archive-paging" aria-label="Pages of the archive">
      {found.page > 1 ? (
        <a rel="prev" href={href(found.page - 1)}>
          Newer
        </a>
      ) : (
        <span />
      )}
      <span className="folio">
        Page {found.page} of {found.pageCount}
      </span>
      {found.page < found.pageCount ? (
        <a rel="next" href={href(found.page + 1)}>
          Older
        </a>
      ) : (
        <span />
      )}
    </nav>
  );
}

/** Years newest first, as the issues come; the year is the one in the publication's own time zone. */
export function byYear(issues: readonly IssueInList[], timeZone: string): [string, IssueInList[]][] {
  const years = new Map<string, IssueInList[]>();
  for (const issue of issues) {
    const year = isoDate(issue.publishedAt, timeZone).slice(0, 4);
    years.set(year, [...(years.get(year) ?? []), issue]);
  }
  return [...years];
}
