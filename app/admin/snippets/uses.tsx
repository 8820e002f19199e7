import type { SnippetUse } from "@/lib/issues/snippets/snippet-uses";

/** `in 2 issues`, or what to say of none. */
export function usesInWords(uses: readonly SnippetUse[]): string {
  if (uses.length === 0) return "nowhere yet";
  const waiting = uses.filter((use) => use.isWaiting).length;
  const issues = uses.length === 1 ? "1 issue" : `${uses.length} issues`;
  return waiting === 0 ? issues : `${issues}, ${waiting} of them not out yet`;
}

const STATES = { DRAFT: "draft", SCHEDULED: "scheduled", PUBLISHED: "published" } as const;

export function UsesList({ uses }: { uses: readonly SnippetUse[] }) {
  return (
    <ul className="grid gap-1">
      {uses.map((use) => (
        <li key={use.id}>
          {use.number !== null && <span className="desk-soft">No. {use.number} </span>}
          <a href={`/admin/issues/${use.id}`}>{use.title || "Untitled"}</a>{" "}
          <span className="desk-tag">{STATES[use.state]}</span>
        </li>
      ))}
    </ul>
  );
}
