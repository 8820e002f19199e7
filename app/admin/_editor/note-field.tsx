"use client";

import type { JSONContent } from "@tiptap/core";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { UndoRedo } from "@tiptap/extensions";
import { EditorContent, useEditor } from "@tiptap/react";
import { useId } from "react";
import type { Inline } from "@/lib/issues/document/schema";
import { mention, variable } from "./nodes/inline";
import { marks } from "./nodes/marks";
import { math } from "./nodes/math";
import type { Surroundings } from "./nodes/surroundings";

/** The words of a footnote: one paragraph with the marks of the text around it, and no footnote inside. */
export function NoteField({
  label,
  note,
  problem,
  surroundings,
}: {
  label: string;
  note: { current: Inline[] };
  problem: string | undefined;
  surroundings: Surroundings;
}) {
  const id = useId();
  const editor = useEditor({
    immediatelyRender: false,
    autofocus: "end",
    extensions: [
      Document.extend({ content: "paragraph" }),
      Paragraph,
      Text,
      HardBreak,
      UndoRedo,
      ...marks,
      ...math.slice(0, 1),
      variable(surroundings),
      mention,
    ],
    content: { type: "doc", content: [{ type: "paragraph", content: note.current }] } as JSONContent,
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": id,
        "data-field": "content",
        class: "editor-note-field",
      },
    },
    onUpdate: ({ editor: changed }) => {
      note.current = (changed.getJSON().content?.[0]?.content ?? []) as Inline[];
    },
  });
  return (
    <div className="grid gap-1.5">
      <span id={id} className="text-sm font-medium">
        {label}
      </span>
      <EditorContent editor={editor} />
      {problem && <p className="text-sm text-bad">{problem}</p>}
    </div>
  );
}
