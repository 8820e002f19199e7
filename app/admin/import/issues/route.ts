import { z } from "zod";
import { getDatabase } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { importMarkdownIssue, importSubstackExport } from "@/lib/issues/import-issues";
import { announceChange } from "@/lib/publication/announce-change";
import { answerImport, uploaded } from "../answer-import";

const query = z.strictObject({
  name: z.string().min(1).max(400),
  withSubscribers: z.enum(["yes", "no"]).default("no"),
});

/** Issues from a Substack export or one Markdown file; the file is the body of the request. */
export async function POST(request: Request): Promise<Response> {
  return answerImport(request, async (say) => {
    const asked = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
    if (!asked.success) throw new DomainError("INVALID", "Choose a file first.");
    const { name, withSubscribers } = asked.data;
    const chunks: Uint8Array[] = [];
    for await (const chunk of uploaded(request)) chunks.push(chunk);
    const file = Buffer.concat(chunks);
    const db = getDatabase();
    const issues = /\.(md|markdown)$/i.test(name)
      ? await importMarkdownIssue(db, textOf(file), { fileName: name })
      : await importSubstackExport(db, file, {
          now: new Date(),
          withSubscribers: withSubscribers === "yes",
          onProgress: (done, of) => say({ share: done / of, words: `${done} of ${of} issues` }),
        });
    await announceChange(["issues", "publication"]);
    return { issues };
  });
}

function textOf(file: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file);
  } catch (cause) {
    throw new DomainError(
      "INVALID",
      "This is no text in UTF-8. Save the Markdown file as UTF-8 and try again.",
      {
        cause,
      },
    );
  }
}
