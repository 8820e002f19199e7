import { DeskTable } from "@/app/admin/_desk/desk-table";
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
    <DeskTable
      label="Snippets"
      rows={snippets}
      keyOf={(snippet) => snippet.name}
      columns={[
        { head: "Title", cell: (snippet) => <Title snippet={snippet} /> },
        { head: "Name", look: "whitespace-nowrap font-mono text-sm", cell: (snippet) => snippet.name },
        { head: "Used in", cell: (snippet) => usesInWords(snippet.uses) },
        {
          head: "Changed",
          look: "whitespace-nowrap",
          cell: (snippet) => isoDate(snippet.updatedAt, publication.timeZone),
        },
      ]}
    />
  );
}

function Title({ snippet }: { snippet: SnippetOnDesk }) {
  return (
    <>
      <a href={`/admin/snippets/${snippet.name}`} className="font-medium">
        {snippet.title}
      </a>
      {PLACES[snippet.name] && <span className="desk-tag ml-2">{PLACES[snippet.name]}</span>}
      <div className="desk-soft">{snippet.excerpt}</div>
    </>
  );
}
