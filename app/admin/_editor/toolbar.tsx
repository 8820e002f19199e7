"use client";

import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import {
  ArrowDown,
  ArrowUp,
  Bold,
  Code,
  Heading2,
  Heading3,
  ImagePlus,
  Italic,
  Keyboard,
  Link,
  List,
  ListOrdered,
  type LucideIcon,
  Pencil,
  Plus,
  Redo2,
  Strikethrough,
  Subscript,
  Superscript,
  TextQuote,
  Trash2,
  Undo2,
} from "lucide-react";
import { Toolbar as Bar, DropdownMenu } from "radix-ui";
import { deleteBlock, moveBlock } from "./block-commands";
import { findInsertions, type Insertion, run } from "./insertions";
import { TableTools } from "./table-tools";

export type ToolbarActions = {
  insert: (item: Insertion) => void;
  chooseFile: () => void;
  editLink: () => void;
  /** Null where nothing at the cursor has details. */
  editDetails: (() => void) | null;
  showMarkdown: () => void;
  showShortcuts: () => void;
};

type ToolProps = {
  label: string;
  icon: LucideIcon;
  pressed?: boolean;
  disabled?: boolean;
  onUse: () => void;
};

export function Tool({ label, icon: Icon, pressed, disabled = false, onUse }: ToolProps) {
  return (
    <Bar.Button
      type="button"
      aria-label={label}
      title={label}
      disabled={disabled}
      {...(pressed !== undefined && { "aria-pressed": pressed })}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onUse}
    >
      <Icon aria-hidden="true" size={18} />
    </Bar.Button>
  );
}

/** Arrow keys go from tool to tool; Alt-F10 comes here from the text, Escape goes back. */
export function Toolbar({
  editor,
  label,
  without,
  actions,
}: {
  editor: Editor;
  label: string;
  without: readonly string[];
  actions: ToolbarActions;
}) {
  const on = useEditorState({ editor, selector: ({ editor: now }) => stateOf(now) });
  const chain = () => editor.chain().focus();
  return (
    <Bar.Root
      className="editor-toolbar"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === "Escape") editor.view.focus();
      }}
    >
      <Tool label="Undo" icon={Undo2} disabled={!on.undo} onUse={() => chain().undo().run()} />
      <Tool label="Redo" icon={Redo2} disabled={!on.redo} onUse={() => chain().redo().run()} />
      <Bar.Separator className="editor-separator" />
      <InsertButton without={without} onInsert={actions.insert} />
      <Tool label="Picture from this device" icon={ImagePlus} onUse={actions.chooseFile} />
      <Bar.Separator className="editor-separator" />
      <Tool
        label="Heading 2"
        icon={Heading2}
        pressed={on.heading2}
        onUse={() => chain().toggleHeading({ level: 2 }).run()}
      />
      <Tool
        label="Heading 3"
        icon={Heading3}
        pressed={on.heading3}
        onUse={() => chain().toggleHeading({ level: 3 }).run()}
      />
      <Tool label="Bold" icon={Bold} pressed={on.bold} onUse={() => chain().toggleBold().run()} />
      <Tool label="Italic" icon={Italic} pressed={on.italic} onUse={() => chain().toggleItalic().run()} />
      <Tool
        label="Strike through"
        icon={Strikethrough}
        pressed={on.strike}
        onUse={() => chain().toggleStrike().run()}
      />
      <Tool label="Code" icon={Code} pressed={on.code} onUse={() => chain().toggleCode().run()} />
      <Tool
        label="Superscript"
        icon={Superscript}
        pressed={on.superscript}
        onUse={() => chain().toggleMark("superscript").run()}
      />
      <Tool
        label="Subscript"
        icon={Subscript}
        pressed={on.subscript}
        onUse={() => chain().toggleMark("subscript").run()}
      />
      <Tool label="Link" icon={Link} pressed={on.link} onUse={actions.editLink} />
      <Bar.Separator className="editor-separator" />
      <Tool
        label="Bullet list"
        icon={List}
        pressed={on.bulletList}
        onUse={() => chain().toggleBulletList().run()}
      />
      <Tool
        label="Numbered list"
        icon={ListOrdered}
        pressed={on.orderedList}
        onUse={() => chain().toggleOrderedList().run()}
      />
      <Tool
        label="Quote"
        icon={TextQuote}
        pressed={on.blockquote}
        onUse={() => chain().toggleBlockquote().run()}
      />
      <Bar.Separator className="editor-separator" />
      <Tool
        label="Details of this block"
        icon={Pencil}
        disabled={!actions.editDetails}
        onUse={() => actions.editDetails?.()}
      />
      <Tool label="Move block up" icon={ArrowUp} onUse={() => run(editor, moveBlock(-1))} />
      <Tool label="Move block down" icon={ArrowDown} onUse={() => run(editor, moveBlock(1))} />
      <Tool label="Delete block" icon={Trash2} onUse={() => run(editor, deleteBlock)} />
      <Bar.Separator className="editor-separator" />
      <Bar.Button type="button" className="editor-worded" onClick={actions.showMarkdown}>
        Markdown
      </Bar.Button>
      <Tool label="Keys" icon={Keyboard} onUse={actions.showShortcuts} />
      {on.table && <TableTools editor={editor} />}
    </Bar.Root>
  );
}

function InsertButton({
  without,
  onInsert,
}: {
  without: readonly string[];
  onInsert: (item: Insertion) => void;
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <Bar.Button type="button" className="editor-worded" asChild>
        <DropdownMenu.Trigger>
          <Plus aria-hidden="true" size={18} /> Insert
        </DropdownMenu.Trigger>
      </Bar.Button>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="editor-insert publication"
          align="start"
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          {findInsertions("", without).map((item) => (
            <DropdownMenu.Item key={item.name} onSelect={() => onInsert(item)}>
              {item.label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function stateOf(editor: Editor) {
  return {
    undo: editor.can().undo(),
    redo: editor.can().redo(),
    heading2: editor.isActive("heading", { level: 2 }),
    heading3: editor.isActive("heading", { level: 3 }),
    bold: editor.isActive("bold"),
    italic: editor.isActive("italic"),
    strike: editor.isActive("strike"),
    code: editor.isActive("code"),
    superscript: editor.isActive("superscript"),
    subscript: editor.isActive("subscript"),
    link: editor.isActive("link"),
    bulletList: editor.isActive("bulletList"),
    orderedList: editor.isActive("orderedList"),
    blockquote: editor.isActive("blockquote"),
    table: editor.isActive("table"),
  };
}
