import type { OutlineEntry } from "@/lib/issues/document/reading";

const LONG_ISSUE = { headings: 4, minutes: 4 };

/** What is in a long issue; a short one needs no map. Main headings only. */
export function Outline({ entries, minutes }: { entries: readonly OutlineEntry[]; minutes: number }) {
  const main = entries.filter((entry) => entry.level === 2);
  if (main.length < LONG_ISSUE.headings || minutes < LONG_ISSUE.minutes) return null;
  return (
    <nav className="issue-outline" aria-labelledby="outline-title">
      <h2 id="outline-title" className="folio">
        In this issue
      </h2>
      <ol>
        {main.map((entry) => (
          <li key={entry.anchor}>
            <a href={`#${entry.anchor}`}>{entry.words}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
