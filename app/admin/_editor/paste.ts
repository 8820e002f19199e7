import type { Editor } from "@tiptap/core";
import { closeHistory } from "@tiptap/pm/history";
import { Node as DocumentNode, Slice } from "@tiptap/pm/model";
import type { Document } from "@/lib/issues/document/schema";
import { readMarkdownAction } from "./actions";
import { looksLikeMarkdown } from "./looks-like-markdown";

/** Pictures of a clipboard or a drop; a web page's picture comes with words and stays where it is. */
export function picturesOf(data: DataTransfer | null): File[] {
  if (data?.getData("text/plain").trim() !== "") return [];
  return [...data.files].filter((file) => file.type.startsWith("image/"));
}

/** The plain text of a clipboard where it was written as Markdown and nothing richer came along. */
export function markdownOf(editor: Editor, data: DataTransfer | null): string | null {
  const text = data?.getData("text/plain") ?? "";
  if (text === "" || data?.types.includes("text/html") || editor.isActive("codeBlock")) return null;
  return looksLikeMarkdown(text) ? text : null;
}

/** Reads pasted Markdown and puts it in; what cannot be read is put in as it was written. */
export async function pasteMarkdown(editor: Editor, text: string): Promise<readonly string[]> {
  const read = await readMarkdownAction(text).catch(() => null);
  if (editor.isDestroyed) return [];
  if (!read?.ok) {
    editor.view.pasteText(text);
    return [read?.problem ?? "There is no connection to the desk: the Markdown was pasted as plain text."];
  }
  insertDocument(editor, read.document);
  return read.notes;
}

function insertDocument(editor: Editor, document: Document): void {
  const { content } = DocumentNode.fromJSON(editor.schema, document);
  const openness = (node: DocumentNode | null) => (node?.type.name === "paragraph" ? 1 : 0);
  const slice = new Slice(content, openness(content.firstChild), openness(content.lastChild));
  editor.view.dispatch(editor.state.tr.replaceSelection(slice).scrollIntoView());
}

/** The whole text anew, in one step that can be undone. */
export function replaceDocument(editor: Editor, document: Document): void {
  const { content } = DocumentNode.fromJSON(editor.schema, document);
  const { tr, doc } = editor.state;
  editor.view.dispatch(closeHistory(tr).replaceWith(0, doc.content.size, content));
  editor.view.focus();
}
