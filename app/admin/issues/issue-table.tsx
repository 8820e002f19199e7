import { DeskTable } from "@/app/admin/_desk/desk-table";
import type { IssueOnDesk } from "@/lib/issues/desk-queries";
import type { PublicationSettings } from "@/lib/publication/queries";
import { whenInWords } from "./when-in-words";

export function IssueTable({
  issues,
  publication,
  now,
}: {
  issues: IssueOnDesk[];
  publication: PublicationSettings;
  now: Date;
}) {
  return (
    <DeskTable
      label="Issues"
      rows={issues}
      keyOf={(issue) => issue.id}
      columns={[
        { head: "No.", look: "number desk-soft", cell: (issue) => issue.number ?? "–" },
        { head: "Title", look: "wide", cell: (issue) => <Title issue={issue} /> },
        { head: "For", cell: ({ audience }) => <Audience isMembers={audience === "MEMBERS"} /> },
        { head: "Words", look: "number", cell: (issue) => issue.words.toLocaleString("en") },
        {
          head: "When",
          look: "whitespace-nowrap",
          cell: (issue) => whenInWords(issue, publication, now),
        },
      ]}
    />
  );
}

function Title({ issue }: { issue: IssueOnDesk }) {
  return (
    <>
      <a href={`/admin/issues/${issue.id}`} className="font-medium">
        {issue.title || "Untitled"}
      </a>
      {issue.withdrawnAt && <span className="desk-tag ml-2">withdrawn</span>}
      {issue.subtitle && <div className="desk-soft">{issue.subtitle}</div>}
    </>
  );
}

function Audience({ isMembers }: { isMembers: boolean }) {
  return (
    <span className={isMembers ? "desk-tag strong" : "desk-tag"}>{isMembers ? "Members" : "Everyone"}</span>
  );
}
