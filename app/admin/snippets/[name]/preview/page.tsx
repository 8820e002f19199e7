import "@/app/_components/issue-body.css";
import { notFound } from "next/navigation";
import { connection } from "next/server";
import { accentVariables } from "@/app/_components/accent";
import { SubscribeForm } from "@/app/_components/subscribe-form";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { renderWeb } from "@/lib/issues/document/render-web";
import { previewSnippet } from "@/lib/issues/snippets/preview-snippet";

export const instant = false;

/** What the frame on the snippet's page shows: the text alone, drawn as an issue of the site draws it. */
export default async function SnippetPreviewPage({ params }: { params: Promise<{ name: string }> }) {
  await connection();
  const { name } = await params;
  await requireAuthor();
  const preview = await previewSnippet(getDatabase(), name, { now: new Date() });
  if (!preview) notFound();
  const { document, context, publication, title } = preview;
  return (
    <main className="publication p-6" style={accentVariables(publication.accentColor)}>
      <title>{title}</title>
      {renderWeb(document, context, {
        subscribeForm: <SubscribeForm source="preview" />,
        upgradeHref: "/join",
      })}
    </main>
  );
}
