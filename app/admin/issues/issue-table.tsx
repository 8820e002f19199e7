import { shortMoment } from "@/app/admin/_desk/moment";
import type { IssueOnDesk } from "@/lib/issues/desk-queries";
import type { PublicationSettings } from "@/lib/publication/queries";

export function IssueTable({
  issues,
  publication,
}: {
  issues: IssueOnDesk[];
  publication: PublicationSettings;
}) {
  return (
    <section className="desk-table-scroll" aria-label="Issues" tabIndex={0}>
      <table className="desk-table">
        <thead>
          <tr>
            <th scope="col" className="number">
              No.
            </th>
            <th scope="col">Title</th>
            <th scope="col">For</th>
            <th scope="col" className="number">
              Words
            </th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {issues.map((issue) => (
            <tr key={issue.id}>
              <td className="number desk-soft">{issue.number ?? "–"}</td>
              <td>
                <a href={`/admin/issues/${issue.id}`} className="font-medium">
                  {issue.title || "Untitled"}
                </a>
                {issue.withdrawnAt && <span className="desk-tag ml-2">withdrawn</span>}
                {issue.subtitle && <div className="desk-soft">{issue.subtitle}</div>}
              </td>
              <td>
                <span className={issue.audience === "MEMBERS" ? "desk-tag strong" : "desk-tag"}>
                  {issue.audience === "MEMBERS" ? "Members" : "Everyone"}
                </span>
              </td>
              <td className="number">{issue.words.toLocaleString("en")}</td>
              <td className="whitespace-nowrap">{when(issue, publication)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function when(issue: IssueOnDesk, publication: PublicationSettings): string {
  if (issue.state === "SCHEDULED" && issue.scheduledFor)
    return `goes out ${shortMoment(issue.scheduledFor, publication)}`;
  if (issue.state === "PUBLISHED" && issue.publishedAt) return shortMoment(issue.publishedAt, publication);
  return `edited ${shortMoment(issue.updatedAt, publication)}`;
}
