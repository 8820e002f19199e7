import type { DeskIssue } from "@/lib/issues/desk-queries";
import { formatMoment } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";

export function IssueFacts({ desk, publication }: { desk: DeskIssue; publication: PublicationSettings }) {
  const { issue, words, editedAt } = desk;
  const rows: [string, string][] = [
    ["State", stateInWords(issue.state, issue.withdrawnAt !== null)],
    ["Number", issue.number === null ? "none" : `${publication.seriesName} ${issue.number}`],
    ["Open to", issue.audience === "MEMBERS" ? "members" : "everyone"],
    ["Address", `/p/${issue.slug}`],
    ["Subject", issue.subject || issue.title || "none yet"],
    ["Words", words.toLocaleString("en")],
    ["Edited", formatMoment(editedAt, publication)],
  ];
  if (issue.publishedAt) rows.push(["Published", formatMoment(issue.publishedAt, publication)]);
  return (
    <section className="desk-panel" aria-labelledby="facts-title">
      <h2 id="facts-title">This issue</h2>
      <dl className="desk-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{name === "Address" && issue.state === "PUBLISHED" ? <a href={value}>{value}</a> : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function stateInWords(state: string, withdrawn: boolean): string {
  if (withdrawn) return "withdrawn";
  return { DRAFT: "draft", SCHEDULED: "scheduled", PUBLISHED: "published" }[state] ?? state;
}
