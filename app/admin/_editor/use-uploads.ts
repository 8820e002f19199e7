import type { Editor } from "@tiptap/core";
import { Selection } from "@tiptap/pm/state";
import { useRef, useState } from "react";
import { insertBlock } from "./block-commands";
import { uploadPicture } from "./upload-picture";

export type PictureOnItsWay = { id: number; name: string; share: number; problem: string | null };

/** Pictures on their way to the desk. Each lands where it was put, though the text around it goes on growing. */
export function useUploads(onPlaced: () => void) {
  const [list, setList] = useState<readonly PictureOnItsWay[]>([]);
  const count = useRef(0);
  const change = (id: number, changes: Partial<PictureOnItsWay>) =>
    setList((before) => before.map((each) => (each.id === id ? { ...each, ...changes } : each)));
  const forget = (id: number) => setList((before) => before.filter((each) => each.id !== id));

  async function send(editor: Editor, file: File, position: number): Promise<boolean> {
    count.current += 1;
    const id = count.current;
    let place = position;
    const follow = ({ transaction }: { transaction: { mapping: { map(at: number): number } } }) => {
      place = transaction.mapping.map(place);
    };
    editor.on("transaction", follow);
    setList((before) => [...before, { id, name: file.name || "Picture", share: 0, problem: null }]);
    const upload = await uploadPicture(file, (share) => change(id, { share }));
    editor.off("transaction", follow);
    if (!upload.ok) {
      change(id, { problem: upload.problem });
      return false;
    }
    forget(id);
    return !editor.isDestroyed && insertAt(editor, place, { ...upload.picture, alt: "" });
  }

  async function add(editor: Editor, files: readonly File[], position: number): Promise<void> {
    let placed = 0;
    for (const file of files) if (await send(editor, file, position)) placed += 1;
    if (placed === 1 && files.length === 1) onPlaced();
  }

  return { list, add, forget };
}

function insertAt(editor: Editor, position: number, attrs: Record<string, unknown>): boolean {
  const figure = editor.schema.nodes.figure?.create(attrs);
  if (!figure) return false;
  const { tr, doc } = editor.state;
  const place = Math.min(position, doc.content.size);
  editor.view.dispatch(tr.setSelection(Selection.near(doc.resolve(place))));
  return insertBlock(figure)(editor.state, editor.view.dispatch);
}
