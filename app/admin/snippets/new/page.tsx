import type { Metadata } from "next";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { SnippetForm } from "@/app/admin/snippets/snippet-form";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { listNameable } from "@/lib/issues/open-for-editing";

export const instant = false;
export const metadata: Metadata = { title: "New snippet" };

export default async function NewSnippetPage() {
  await requireAuthor("/admin/snippets/new");
  return (
    <DeskPage place="snippets" title="New snippet">
      <SnippetForm snippet={null} surroundings={await listNameable(getDatabase())} saved={false} />
    </DeskPage>
  );
}
