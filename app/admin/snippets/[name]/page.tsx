import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { oneOf } from "@/app/admin/_desk/paging";
import { PreviewFrame } from "@/app/admin/issues/[id]/preview/preview-frame";
import { DeleteSnippet } from "@/app/admin/snippets/snippet-buttons";
import { SnippetForm } from "@/app/admin/snippets/snippet-form";
import { UsesList } from "@/app/admin/snippets/uses";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { listNameable } from "@/lib/issues/open-for-editing";
import { getSnippet, type SnippetForEditing } from "@/lib/issues/snippets/queries";
import { snippetName } from "@/lib/issues/snippets/schema";

export const instant = false;
export const metadata: Metadata = { title: "Snippet" };

type Props = {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function SnippetPage({ params, searchParams }: Props) {
  const { name } = await params;
  await requireAuthor(`/admin/snippets/${encodeURIComponent(name)}`);
  if (!snippetName.safeParse(name).success) notFound();
  const db = getDatabase();
  const [snippet, nameable] = await Promise.all([getSnippet(db, name), listNameable(db)]);
  if (!snippet) notFound();
  const { title, document, version, uses } = snippet;
  return (
    <DeskPage place="snippets" title={title}>
      <div className="grid gap-6">
        <p className="desk-soft">
          In an issue’s Markdown: <code>{`::snippet{name="${name}"}`}</code>
        </p>
        <SnippetForm
          snippet={{ name, title, document, version }}
          surroundings={nameable}
          saved={oneOf((await searchParams).saved) !== ""}
        />
        <section aria-labelledby="preview-title" className="grid gap-2">
          <h2 id="preview-title" className="font-medium">
            As it was saved, on the web
          </h2>
          <PreviewFrame
            source={`/admin/snippets/${name}/preview?version=${version}`}
            title={`The snippet “${title}” on the web`}
            place="web"
            height="20rem"
          />
        </section>
        <div className="desk-grid">
          <section aria-labelledby="uses-title" className="desk-panel">
            <h2 id="uses-title">Where it is used</h2>
            {uses.length > 0 ? <UsesList uses={uses} /> : <p className="desk-soft">No issue names it yet.</p>}
          </section>
          <DeletePanel snippet={snippet} />
        </div>
      </div>
    </DeskPage>
  );
}

function DeletePanel({ snippet: { name, uses } }: { snippet: SnippetForEditing }) {
  const waiting = uses.filter((use) => use.isWaiting);
  const published = uses.length - waiting.length;
  return (
    <section aria-labelledby="delete-title" className="desk-panel">
      <h2 id="delete-title">Delete it</h2>
      {waiting.length > 0 ? (
        <div className="desk-soft grid gap-2">
          <p>Not while issues that are not out yet use it. Take it out of these first:</p>
          <UsesList uses={waiting} />
        </div>
      ) : (
        <>
          <p className="desk-soft mb-3">
            {published > 0 && "On the site, the issues that name it show nothing in its place. "}
            You can put it back at any time.
          </p>
          <DeleteSnippet name={name} />
        </>
      )}
    </section>
  );
}
