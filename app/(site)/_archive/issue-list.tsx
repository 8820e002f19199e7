import type { IssueInList } from "@/lib/issues/queries";
import { formatDate, isoDate } from "@/lib/publication/format";
import "./issue-list.css";

export type Dating = { language: string; timeZone: string };

/** Issues as a table of contents: number in the margin, title, subtitle, and the small print. */
export function IssueList({
  issues,
  dating,
  headingLevel = 3,
}: {
  issues: readonly IssueInList[];
  dating: Dating;
  headingLevel?: 2 | 3;
}) {
  const Heading = `h${headingLevel}` as const;
  return (
    <ol className="issue-list" lang={dating.language}>
      {issues.map((issue) => (
        <li key={issue.slug} className="issue-list-entry">
          <span className="issue-list-number" aria-hidden="true">
            {issue.number ?? "·"}
          </span>
          <div>
            <Heading className="issue-list-title">
              <a href={`/p/${issue.slug}`}>{issue.title}</a>
            </Heading>
            {issue.subtitle && <p className="issue-list-subtitle">{issue.subtitle}</p>}
            <IssueSmallPrint issue={issue} dating={dating} />
          </div>
        </li>
      ))}
    </ol>
  );
}

export function IssueSmallPrint({ issue, dating }: { issue: IssueInList; dating: Dating }) {
  return (
    <p className="folio issue-list-print" lang="en">
      <time dateTime={isoDate(issue.publishedAt, dating.timeZone)}>
        {formatDate(issue.publishedAt, dating)}
      </time>
      <span>{issue.forMembers ? `${issue.minutes} min free` : `${issue.minutes} min`}</span>
      {issue.forMembers && <MembersSign />}
    </p>
  );
}

/** Says that the whole issue is for members; the lock is decoration, the word is not. */
export function MembersSign() {
  return (
    <span className="members-sign">
      <svg viewBox="0 0 12 14" width="9" height="11" aria-hidden="true">
        <path d="M3 6V4a3 3 0 0 1 6 0v2" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <rect x="1" y="6" width="10" height="7.5" rx="1" fill="currentColor" />
      </svg>
      Members
    </span>
  );
}
