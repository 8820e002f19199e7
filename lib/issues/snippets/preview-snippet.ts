/** A snippet as an issue on the web shows it to a subscriber. Reads only. The caller makes sure that an author asks. */
import type { Database } from "@/lib/db";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import { prepareArtwork } from "../document/artwork";
import type { RenderContext } from "../document/facts";
import type { Document } from "../document/schema";
import { factsOfIssue } from "../issue-facts";
import { readStoredDocument } from "../stored-document";

export type SnippetPreview = {
  title: string;
  document: Document;
  context: RenderContext;
  publication: PublicationSettings;
};

/** Null where there is none, or it was deleted. */
export async function previewSnippet(
  db: Database,
  name: string,
  { now }: { now: Date },
): Promise<SnippetPreview | null> {
  const row = await db.snippet.findFirst({ where: { name, deletedAt: null } });
  if (!row) return null;
  const document = readStoredDocument(row.body);
  const publication = await getPublication(db);
  const nextIssue = { slug: "preview", title: row.title, number: null, frozenFacts: null };
  const context: RenderContext = {
    reader: "subscriber",
    issue: await factsOfIssue(db, nextIssue, [document], { settings: publication, now }),
    artwork: await prepareArtwork([document]),
    trialAvailable: publication.trialDays > 0,
  };
  return { title: row.title, document, context, publication };
}
