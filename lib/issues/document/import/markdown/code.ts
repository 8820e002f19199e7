import type { Code } from "mdast";
import type { Block } from "../../schema";
import { shortly } from "../import-notes";
import { attributeLine, cleanText } from "../inlines";
import { lineOf, type Reading } from "./reading";

const MARKED_LINES = /^\d+(-\d+)?(,\d+(-\d+)?)*$/;
/** `file=train.py`, `file="my notes.py"`, `mark=2,5-7`; elsewhere also written `title="…"` and `{2,5-7}`. */
const SETTING = /\s*(?:(\w+)=("(?:[^"\\]|\\.)*"|[^\s"]+)|\{([\d,\s-]+)\}|(\S+))/gy;

/** Reads a fence: its language, the file's name, the marked lines, and the code as it stands. */
export function codeBlockOf(node: Code, reading: Reading): Block {
  const language = attributeLine(node.lang);
  const known = language !== null && language !== "none" && language.length <= 40;
  const text = cleanText(node.value);
  const block: Block = {
    type: "codeBlock",
    attrs: { language: known ? language : null, fileName: null, markedLines: null },
  };
  for (const [, key, value, braces, unknown] of (node.meta ?? "").matchAll(SETTING)) {
    const lines = key === "mark" ? value : braces?.replace(/\s/g, "");
    if (key === "file" || key === "title") block.attrs.fileName = attributeLine(unquoted(value ?? ""));
    else if (lines !== undefined && lines.length <= 200 && MARKED_LINES.test(lines))
      block.attrs.markedLines = lines;
    else
      reading.notes.add(
        `A code block's setting was left out: ${shortly(unknown ?? `${key ?? ""}=${lines ?? value}`)}`,
        lineOf(node),
      );
  }
  return text === "" ? block : { ...block, content: [{ type: "text", text }] };
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "string" ? parsed : value;
  } catch {
    // Not a JSON string, as in "C:\notes.py": the characters between the quotes are the name.
    return value.slice(1, -1);
  }
}
