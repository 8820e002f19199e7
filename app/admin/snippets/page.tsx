import type { Metadata } from "next";
import { ButtonLink } from "@/app/_components/button";
import { Notice } from "@/app/_components/notice";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { oneOf } from "@/app/admin/_desk/paging";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { listDeletedSnippets, listSnippetsOnDesk } from "@/lib/issues/snippets/queries";
import { getPublication } from "@/lib/publication/queries";
import { RestoreSnippet } from "./snippet-buttons";
import { SnippetTable } from "./snippet-table";

export const instant = false;
export const metadata: Metadata = { title: "Snippets" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function SnippetsPage({ searchParams }: { searchParams: Search }) {
  await requireAuthor("/admin/snippets");
  const query = await searchParams;
  const db = getDatabase();
  const [snippets, deleted, publication] = await Promise.all([
    listSnippetsOnDesk(db),
    listDeletedSnippets(db),
    getPublication(db),
  ]);
  const justDeleted = deleted.find((snippet) => snippet.name === oneOf(query.deleted));
  const justRestored = snippets.find((snippet) => snippet.name === oneOf(query.restored));
  return (
    <DeskPage
      place="snippets"
      title="Snippets"
      actions={<ButtonLink href="/admin/snippets/new">New snippet</ButtonLink>}
    >
      <div className="grid gap-4">
        <p className="desk-soft max-w-prose">
          Text that you use again and again: the opening, the sign-off, a sponsor’s note. Change it here, and
          every issue on the site that names it shows the new words. Mail that was sent stays as it was.
        </p>
        {justDeleted && (
          <Notice tone="success">
            <p className="mb-2">“{justDeleted.title}” is deleted.</p>
            <RestoreSnippet name={justDeleted.name} label="Put it back" />
          </Notice>
        )}
        {justRestored && <Notice tone="success">“{justRestored.title}” is back as it was.</Notice>}
        {snippets.length === 0 ? (
          <p className="desk-empty">
            No snippet yet. Write one called <code>intro</code>, and every new issue opens with it.
          </p>
        ) : (
          <SnippetTable snippets={snippets} publication={publication} />
        )}
        {deleted.length > 0 && !justDeleted && (
          <details>
            <summary className="desk-quiet inline-flex items-center">
              Deleted snippets ({deleted.length})
            </summary>
            <ul className="mt-3 grid gap-2">
              {deleted.map((snippet) => (
                <li key={snippet.name}>
                  <RestoreSnippet name={snippet.name} label={`Put back “${snippet.title}”`} />
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </DeskPage>
  );
}
