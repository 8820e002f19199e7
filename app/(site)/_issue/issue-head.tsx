import type { IssueForReader } from "@/lib/issues/read-issue";
import { formatDate, isoDate } from "@/lib/publication/format";
import { MembersSign } from "../_archive/issue-list";

/** Characters above which a title at full size would fill the first screen by itself. */
const LONG_TITLE = 70;

/** Series and number, title, subtitle, and who wrote it when. A page has its title alone. */
export function IssueHead({ issue }: { issue: IssueForReader }) {
  const { publication } = issue;
  const isIssue = issue.kind === "ISSUE";
  return (
    <header className={issue.title.length > LONG_TITLE ? "issue-head issue-head-long" : "issue-head"}>
      {isIssue && (
        <p className="folio issue-head-series">
          <span>
            {publication.seriesName}
            {issue.number !== null && ` ${issue.number}`}
          </span>
          {issue.forMembers && <MembersSign />}
        </p>
      )}
      <h1 lang={publication.language}>{issue.title}</h1>
      {issue.subtitle && (
        <p className="issue-head-subtitle" lang={publication.language}>
          {issue.subtitle}
        </p>
      )}
      {isIssue && (
        <p className="issue-head-byline">
          <span>By {publication.authorName}</span>
          <time dateTime={isoDate(issue.publishedAt, publication.timeZone)}>
            {formatDate(issue.publishedAt, publication)}
          </time>
          <span>
            {issue.minutes} min{issue.wall ? " to the end of the free part" : ""}
          </span>
        </p>
      )}
    </header>
  );
}
