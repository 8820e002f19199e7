import type { IssueInList } from "@/lib/issues/queries";
import type { PublicationSettings } from "@/lib/publication/queries";
import { IssueSmallPrint } from "../_archive/issue-list";

/** The newest issue, set like the leader of a paper. */
export function LeadIssue({ issue, publication }: { issue: IssueInList; publication: PublicationSettings }) {
  return (
    <article className="lead-issue" aria-labelledby="lead-issue-title">
      <p className="folio">
        The latest issue
        {issue.number !== null && (
          <>
            {" "}
            <span aria-hidden="true">·</span> {publication.seriesName} {issue.number}
          </>
        )}
      </p>
      <div lang={publication.language}>
        <h2 id="lead-issue-title">
          <a href={`/p/${issue.slug}`}>{issue.title}</a>
        </h2>
        {issue.subtitle && <p className="lead-issue-subtitle">{issue.subtitle}</p>}
        {issue.excerpt && issue.excerpt !== issue.subtitle && (
          <p className="lead-issue-excerpt">{issue.excerpt}</p>
        )}
      </div>
      <IssueSmallPrint issue={issue} dating={publication} />
    </article>
  );
}
