"use client";

import type { Editor, JSONContent } from "@tiptap/core";
import { Dropcursor, Gapcursor, Placeholder, UndoRedo } from "@tiptap/extensions";
import type { EditorProps } from "@tiptap/pm/view";
import { EditorContent, useEditor, useEditorState } from "@tiptap/react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Notice } from "@/app/_components/notice";
import { type Document, EMPTY_DOCUMENT } from "@/lib/issues/document/schema";
import { DETAILS } from "./details";
import { DetailsForm } from "./details-form";
import { applyDetails, detailsAtCursor, linkAtCursor, type OpenDetails, removeLink } from "./edit-details";
import { InsertMenu } from "./insert-menu";
import { createInsertMenu } from "./insert-menu-state";
import type { Insertion } from "./insertions";
import { MarkdownDialog } from "./markdown-dialog";
import { documentExtensions } from "./nodes/document-extensions";
import type { Surroundings } from "./nodes/surroundings";
import { markdownOf, pasteMarkdown, picturesOf, replaceDocument } from "./paste";
import { ShortcutList } from "./shortcut-list";
import { Toolbar } from "./toolbar";
import { UploadList } from "./upload-list";
import { useUploads } from "./use-uploads";
import { type ToolActions, writingTools } from "./writing-tools";
import "@/app/_components/issue-body.css";
import "./editor.css";

type Props = {
  /** The accessible name of the text. */
  label: string;
  /** What the editor begins with; give it another `key` to begin anew. */
  document: Document;
  onChange: (document: Document) => void;
  surroundings: Surroundings;
  /** Names of insertions that have no place here, such as `paywall` in a snippet. */
  without?: readonly string[];
  placeholder?: string;
};

type Window =
  | { name: "details"; open: OpenDetails }
  /** The text as it was when the window opened: each drawing of the page would otherwise be a text of its own. */
  | { name: "markdown"; document: Document }
  | { name: "shortcuts" };

/** Edits an issue's document as it is stored: what comes out is what `parseDocument` takes. */
export function DocumentEditor(props: Props) {
  const { label, document, onChange, surroundings, without = [], placeholder } = props;
  const [shown, setShown] = useState<Window | null>(null);
  const [told, setTold] = useState<readonly string[]>([]);
  const [menu] = useState(createInsertMenu);
  const file = useRef<HTMLInputElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const shift = useRef(false);
  const latest = useRef<ToolActions>(NOTHING_YET);
  const live = useRef<Editor | null>(null);
  const openDetails = (open: OpenDetails | null) => {
    if (open) setShown({ name: "details", open });
    return open !== null;
  };
  const uploads = useUploads(() => live.current && openDetails(detailsAtCursor(live.current)));

  const [extensions] = useState(() => [
    ...documentExtensions(surroundings),
    UndoRedo,
    Dropcursor,
    Gapcursor,
    Placeholder.configure({
      placeholder: placeholder ?? "Write, or type / to insert anything",
      showOnlyCurrent: false,
    }),
    writingTools({ menu, actions: () => latest.current, without }),
  ]);
  const editor = useEditor({
    immediatelyRender: false,
    extensions,
    content: (document.content.length > 0 ? document : EMPTY_DOCUMENT) as JSONContent,
    enablePasteRules: ["link"],
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label,
        class: "issue-body editor-text",
      },
      handleKeyDown: (_view, event) => {
        shift.current = event.shiftKey;
        return false;
      },
      handlePaste: (view, event) => {
        const pictures = picturesOf(event.clipboardData);
        if (live.current && pictures.length > 0) {
          void uploads.add(live.current, pictures, view.state.selection.to);
          return true;
        }
        const markdown = live.current && !shift.current && markdownOf(live.current, event.clipboardData);
        if (!live.current || !markdown) return false;
        void pasteMarkdown(live.current, markdown).then(setTold);
        return true;
      },
      handleDrop: (view, event, _slice, moved) => {
        const pictures = moved ? [] : picturesOf(event.dataTransfer);
        if (!live.current || pictures.length === 0) return false;
        const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
        void uploads.add(live.current, pictures, place?.pos ?? view.state.selection.to);
        return true;
      },
      handleDoubleClickOn: openOnDoubleClick(openDetails),
    },
    onCreate: ({ editor: made }) => {
      live.current = made;
    },
    onUpdate: ({ editor: changed }) => onChange(changed.getJSON() as Document),
  });
  const hasDetails = useEditorState({
    editor,
    selector: ({ editor: now }) => now !== null && detailsAtCursor(now) !== null,
  });

  if (!editor) return <div className="editor-frame editor-waiting" aria-hidden="true" />;
  const insert = (item: Insertion) =>
    item.run({
      editor,
      ask: (type) => openDetails({ type, attrs: {}, position: null }),
      chooseFile: () => file.current?.click(),
    });
  const editLink = () => openDetails(linkAtCursor(editor));
  const editDetails = () => openDetails(detailsAtCursor(editor));
  latest.current = {
    insert,
    editLink,
    editDetails,
    focusToolbar: () => {
      frame.current?.querySelector<HTMLElement>('[role="toolbar"] button:not(:disabled)')?.focus();
      return true;
    },
  };
  // Drawn at once: behind an open dialog the text could not take the focus back.
  const hide = () => flushSync(() => setShown(null));
  const close = () => {
    hide();
    editor.view.focus();
  };

  return (
    <div ref={frame} className="editor-frame">
      <Toolbar
        editor={editor}
        label={`Tools for ${label.toLowerCase()}`}
        without={without}
        actions={{
          insert,
          chooseFile: () => file.current?.click(),
          editLink,
          editDetails: hasDetails ? editDetails : null,
          showMarkdown: () => setShown({ name: "markdown", document: plainDocument(editor) }),
          showShortcuts: () => setShown({ name: "shortcuts" }),
        }}
      />
      <input
        ref={file}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label="Pictures to upload"
        onChange={(event) => {
          const chosen = [...(event.target.files ?? [])];
          event.target.value = "";
          void uploads.add(editor, chosen, editor.state.selection.to);
        }}
      />
      <UploadList list={uploads.list} onForget={uploads.forget} />
      {told.length > 0 && (
        <Notice title="Look at these">
          <ul>
            {told.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
          <button type="button" className="desk-quiet mt-2" onClick={() => setTold([])}>
            Seen
          </button>
        </Notice>
      )}
      <EditorContent editor={editor} />
      <InsertMenu menu={menu} editor={editor} />
      {shown?.name === "details" && (
        <DetailsForm
          {...shown.open}
          isNew={shown.open.position === null}
          surroundings={surroundings}
          onClose={close}
          onDone={(attrs) => {
            hide();
            applyDetails(editor, shown.open, attrs);
          }}
          onRemove={
            shown.open.type === "link" && shown.open.position !== null
              ? () => {
                  hide();
                  removeLink(editor);
                }
              : undefined
          }
        />
      )}
      {shown?.name === "markdown" && (
        <MarkdownDialog
          document={shown.document}
          hasPaywall={!without.includes("paywall")}
          onClose={close}
          onTake={(taken, notes) => {
            hide();
            setTold(notes);
            replaceDocument(editor, taken);
          }}
        />
      )}
      {shown?.name === "shortcuts" && <ShortcutList onClose={close} />}
    </div>
  );
}

/** ProseMirror's attributes have no prototype, and such objects do not travel to an action. */
function plainDocument(editor: Editor): Document {
  return JSON.parse(JSON.stringify(editor.getJSON())) as Document;
}

const NOTHING_YET: ToolActions = {
  insert: () => {},
  editDetails: () => false,
  editLink: () => false,
  focusToolbar: () => false,
};

/** Blocks without text of their own, formulas and pictures; in text a double click chooses a word. */
function openOnDoubleClick(
  open: (details: OpenDetails) => void,
): NonNullable<EditorProps["handleDoubleClickOn"]> {
  return (_view, _position, node, position, event, direct) => {
    const type = node.type.name;
    const onPicture = type === "figure" && event.target instanceof HTMLImageElement;
    if (!(type in DETAILS) || !(onPicture || (direct && node.isAtom))) return false;
    open({ type, attrs: node.attrs, position });
    return true;
  };
}
