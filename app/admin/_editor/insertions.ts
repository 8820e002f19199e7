import type { Editor } from "@tiptap/core";
import type { Command } from "@tiptap/pm/state";
import { insertBlock, placePaywall } from "./block-commands";
import { DETAILS } from "./details";

export type InsertionTools = {
  editor: Editor;
  /** Asks for a new node's details before it is put in. */
  ask: (type: string) => void;
  chooseFile: () => void;
};

export type Insertion = {
  /** The schema's name of what is inserted, or of the command. */
  name: string;
  label: string;
  /** Other words that find it. */
  also: string;
  run: (tools: InsertionTools) => void;
};

function put(editor: Editor, type: string): void {
  const node = editor.schema.nodes[type]?.createAndFill();
  if (node) run(editor, insertBlock(node));
}

export function run(editor: Editor, command: Command): boolean {
  const done = command(editor.state, editor.view.dispatch, editor.view);
  editor.view.focus();
  return done;
}

const asked = (name: string, also: string): Insertion => ({
  name,
  label: DETAILS[name]?.title ?? name,
  also,
  run: ({ ask }) => ask(name),
});
const heading = (level: 2 | 3 | 4): Insertion => ({
  name: `heading${level}`,
  label: `Heading ${level}`,
  also: `h${level} title section`,
  run: ({ editor }) => editor.chain().focus().setHeading({ level }).run(),
});

/** Everything that can be put into an issue, in the order of the menu. */
export const INSERTIONS: readonly Insertion[] = [
  heading(2),
  heading(3),
  heading(4),
  {
    name: "bulletList",
    label: "Bullet list",
    also: "ul unordered points",
    run: ({ editor }) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    name: "orderedList",
    label: "Numbered list",
    also: "ol ordered",
    run: ({ editor }) => editor.chain().focus().toggleOrderedList().run(),
  },
  {
    name: "blockquote",
    label: "Quote",
    also: "blockquote citation",
    run: ({ editor }) => editor.chain().focus().toggleBlockquote().run(),
  },
  {
    name: "codeBlock",
    label: "Code block",
    also: "pre listing program",
    run: ({ editor }) => editor.chain().focus().setCodeBlock().run(),
  },
  {
    name: "upload",
    label: "Picture from this device",
    also: "image figure photo upload",
    run: ({ chooseFile }) => chooseFile(),
  },
  { ...asked("figure", "image photo link"), label: "Picture from the web" },
  {
    name: "table",
    label: "Table",
    also: "grid rows columns",
    run: ({ editor }) => {
      const { table, tableRow, tableHeader, tableCell } = editor.schema.nodes;
      if (!table || !tableRow || !tableHeader || !tableCell) return;
      const row = (type: typeof tableCell) =>
        tableRow.create(
          null,
          [0, 1, 2].map(() => type.createAndFill()).filter((cell) => cell !== null),
        );
      run(editor, insertBlock(table.create(null, [row(tableHeader), row(tableCell), row(tableCell)])));
    },
  },
  asked("mathBlock", "tex math equation"),
  asked("mathInline", "tex math equation"),
  asked("footnote", "note reference"),
  {
    name: "callout",
    label: "Callout",
    also: "note tip warning aside box",
    run: ({ editor }) => put(editor, "callout"),
  },
  { name: "divider", label: "Divider", also: "rule line hr", run: ({ editor }) => put(editor, "divider") },
  {
    name: "paywall",
    label: "Paywall",
    also: "members paid teaser end",
    run: ({ editor }) => run(editor, placePaywall),
  },
  {
    name: "subscribeBox",
    label: "Subscribe box",
    also: "sign up form",
    run: ({ editor }) => put(editor, "subscribeBox"),
  },
  {
    name: "upgradeButton",
    label: "Upgrade button",
    also: "trial member",
    run: ({ editor }) => put(editor, "upgradeButton"),
  },
  asked("pick", "recommendation reading list"),
  {
    name: "previousIssue",
    label: "Earlier issue",
    also: "previous card",
    run: ({ editor }) => put(editor, "previousIssue"),
  },
  asked("linkCard", "bookmark"),
  asked("socialPost", "tweet toot quote"),
  asked("videoCard", "film youtube"),
  asked("snippet", "reusable intro sign-off"),
  asked("mention", "person at name"),
  asked("variable", "price number subscribers trial name"),
];

/** Those that a few letters mean: labels that begin with them first, then every other match. */
export function findInsertions(query: string, without: readonly string[] = []): Insertion[] {
  const wanted = query.trim().toLowerCase();
  const open = INSERTIONS.filter(({ name }) => !without.includes(name));
  const begins = open.filter(({ label }) => label.toLowerCase().startsWith(wanted));
  const others = open.filter(
    (each) => !begins.includes(each) && `${each.label} ${each.also}`.toLowerCase().includes(wanted),
  );
  return [...begins, ...others];
}
