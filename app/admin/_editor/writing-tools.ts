import { Extension } from "@tiptap/core";
import { Suggestion } from "@tiptap/suggestion";
import { deleteBlock, deleteSelectedBlock, leaveHolder, moveBlock, selectHolder } from "./block-commands";
import type { InsertMenuState } from "./insert-menu-state";
import { findInsertions, type Insertion, run } from "./insertions";

export type ToolActions = {
  insert: (item: Insertion) => void;
  editDetails: () => boolean;
  editLink: () => boolean;
  focusToolbar: () => boolean;
};

type Options = {
  menu: InsertMenuState;
  /** Read when a key is pressed, since the page's own functions change with every drawing. */
  actions: () => ToolActions;
  without: readonly string[];
};

/** The keys of the editor beyond those of the text itself, and the menu that `/` opens. */
export function writingTools({ menu, actions, without }: Options) {
  return Extension.create({
    name: "writingTools",
    priority: 1_100,
    addKeyboardShortcuts() {
      const { editor } = this;
      return {
        "Alt-ArrowUp": () => run(editor, moveBlock(-1)),
        "Alt-ArrowDown": () => run(editor, moveBlock(1)),
        "Mod-Shift-Backspace": () => run(editor, deleteBlock),
        "Alt-Enter": () => actions().editDetails(),
        "Mod-k": () => actions().editLink(),
        "Alt-F10": () => actions().focusToolbar(),
        Backspace: () => run(editor, deleteSelectedBlock) || selectHolder(editor.state, editor.view.dispatch),
        Delete: () => run(editor, deleteSelectedBlock),
        Enter: () => leaveHolder(editor.state, editor.view.dispatch),
        Escape: () => editor.commands.selectParentNode(),
      };
    },
    addProseMirrorPlugins() {
      const { editor } = this;
      return [
        Suggestion<Insertion, Insertion>({
          editor,
          char: "/",
          items: ({ query }) => findInsertions(query, without),
          allow: ({ state, range }) => {
            const place = state.doc.resolve(range.from);
            return !place.parent.type.spec.code;
          },
          command: ({ range, props }) => {
            editor.chain().deleteRange(range).run();
            actions().insert(props);
          },
          render: () => ({
            onStart: (props) => menu.show(props.items, props.clientRect?.() ?? null, props.command),
            onUpdate: (props) => menu.show(props.items, props.clientRect?.() ?? null, props.command),
            onKeyDown: ({ event }) => menu.key(event),
            onExit: () => menu.hide(),
          }),
        }),
      ];
    },
  });
}
