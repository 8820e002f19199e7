import type { SnippetOnDesk } from "@/lib/issues/snippets/queries";
import { CLOSING_SNIPPET, OPENING_SNIPPET } from "@/lib/issues/snippets/schema";
import { isoDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { usesInWords } from "./uses";

const PLACES: Readonly<Record<string, string>> = {
  [OPENING_SNIPPET]: "opens new issues",
  [CLOSING_SNIPPET]: "closes new issues",
};

export function SnippetTable({
  snippets,
  publication,
}: {
  snippets: SnippetOnDesk[];
  publication: PublicationSettings;
}) {
  return (
    <section className="desk-table-scroll" aria-label="Snippets" tabIndex={0}>
      <table className="desk-table">
        <thead>
          <tr>
            <th scope="col">Title</th>
            <th scope="col">Name</th>
            <th scope="col">Used in</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {snippets.map((snippet) => (
            <tr key={snippet.name}>
              <td>
                <a href={`/admin/snippets/${snippet.name}`} className="font-medium">
                  {snippet.title}
                </a>
                {PLACES[snippet.name] && <span className="desk-tag ml-2">{PLACES[snippet.name]}</span>}
                <div className="desk-soft">{snippet.excerpt}</div>
              </td>
              <td className="whitespace-nowrap font-mono text-sm">{snippet.name}</td>
              <td>{usesInWords(snippet.uses)}</td>
              <td className="whitespace-nowrap">{isoDate(snippet.updatedAt, publication.timeZone)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
