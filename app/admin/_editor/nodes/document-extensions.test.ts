import { readdir, readFile } from "node:fs/promises";
import { getSchema } from "@tiptap/core";
import { Node as DocumentNode, Fragment, Slice } from "@tiptap/pm/model";
import { EditorState, NodeSelection, TextSelection } from "@tiptap/pm/state";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyDocument } from "@/lib/issues/document/any-document.fixture";
import { EVERY_NODE } from "@/lib/issues/document/document.fixture";
import { documentFromMarkdown } from "@/lib/issues/document/import/markdown";
import { type Document, EMPTY_DOCUMENT, parseDocument } from "@/lib/issues/document/schema";
import { attributeProblems } from "./checked";
import { documentExtensions, NO_SURROUNDINGS } from "./document-extensions";
import { mended } from "./keep-valid";

const schema = getSchema(documentExtensions(NO_SURROUNDINGS));
const SAMPLES = new URL("../../../../prisma/sample/", import.meta.url);
const pictures = new Map(
  (await readdir(new URL("images/", SAMPLES))).map((name) => [`images/${name}`, `/media/${name}`]),
);
const sampleNames = (await readdir(new URL("issues/", SAMPLES))).filter((name) => name.endsWith(".md"));
const samples: [string, Document][] = [
  ["the document with every node", EVERY_NODE],
  ["the empty document", EMPTY_DOCUMENT],
  ...(await Promise.all(sampleNames.map(readSample))),
];

async function readSample(name: string): Promise<[string, Document]> {
  const source = await readFile(new URL(`issues/${name}`, SAMPLES), "utf8");
  return [name, documentFromMarkdown(source, { pictures }).document];
}

function open(document: Document): DocumentNode {
  const node = DocumentNode.fromJSON(schema, document);
  node.check();
  return node;
}

describe("a document in the editor", () => {
  test.each(samples)("comes out as it went in: %s", (_name, document) => {
    expect(open(document).toJSON()).toEqual(document);
  });

  test("comes out as it went in, whatever it holds", () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(open(document).toJSON()).toEqual(document);
      }),
      {
        numRuns: 200,
      },
    );
  });

  test("needs no mending when it was valid", () => {
    for (const [, document] of samples)
      expect(mended(EditorState.create({ doc: open(document) }))).toBeNull();
  });
});

test("samples were found", () => expect(sampleNames.length).toBeGreaterThan(5));

describe("whatever is done to a document", () => {
  const edit = fc.record({
    kind: fc.constantFrom(
      "delete" as const,
      "split" as const,
      "lift" as const,
      "copy" as const,
      "select" as const,
    ),
    from: fc.nat(1_000),
    to: fc.nat(1_000),
  });

  test("it can be saved", () => {
    fc.assert(
      fc.property(
        fc.oneof(anyDocument, fc.constant(EVERY_NODE)),
        fc.array(edit, { minLength: 1, maxLength: 8 }),
        (document, edits) => {
          let state = EditorState.create({ doc: open(document) });
          for (const step of edits) state = applied(state, step);
          const problems = parseDocument(state.doc.toJSON());
          expect(problems.ok ? [] : problems.problems).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});

test("what is put too deep comes to stand below its block, with every word", () => {
  const nested = (depth: number): object => ({
    type: "bulletList",
    content: [
      {
        type: "listItem",
        content: [
          { type: "paragraph", content: [{ type: "text", text: `level ${depth}` }] },
          ...(depth > 1 ? [nested(depth - 1)] : []),
        ],
      },
    ],
  });
  const doc = DocumentNode.fromJSON(schema, { type: "doc", content: [nested(40)] });
  doc.check();
  let state = EditorState.create({ doc });
  for (let mending = mended(state); mending; mending = mended(state)) state = state.apply(mending);
  state.doc.check();
  expect(parseDocument(state.doc.toJSON())).toMatchObject({ ok: true });
  const words: (string | undefined)[] = [];
  state.doc.descendants((node) => void (node.isText && words.push(node.text)));
  const levels = Array.from({ length: 40 }, (_, index) => `level ${index + 1}`);
  expect(words.sort()).toEqual(levels.sort());
});

type Edit = { kind: "delete" | "split" | "lift" | "copy" | "select"; from: number; to: number };

/** One edit as the editor's commands make them, then what the plugin mends. */
function applied(state: EditorState, { kind, from, to }: Edit): EditorState {
  const { size } = state.doc.content;
  const start = Math.min(from, to) % (size + 1);
  const end = Math.max(start, Math.max(from, to) % (size + 1));
  const { tr } = state;
  if (kind === "delete") tr.deleteRange(start, end);
  if (kind === "copy") tr.replaceRange(end, end, state.doc.slice(start, end));
  if (kind === "lift") {
    const node = state.doc.nodeAt(start);
    if (node && !node.isText) tr.deleteRange(start, start + node.nodeSize);
  }
  if (kind === "split") {
    const place = state.doc.resolve(start);
    if (place.parent.isTextblock)
      tr.replaceRange(start, end, new Slice(Fragment.from(schema.text("word")), 0, 0));
  }
  if (kind === "select") {
    const node = state.doc.nodeAt(start);
    if (node && NodeSelection.isSelectable(node) && !node.isText)
      tr.setSelection(NodeSelection.create(state.doc, start)).deleteSelection();
    else tr.setSelection(TextSelection.near(state.doc.resolve(start))).insertText("words");
  }
  let next = state.apply(tr);
  for (let mending = mended(next); mending; mending = mended(next)) next = next.apply(mending);
  return next;
}

describe("an attribute that the schema refuses", () => {
  const wrong: [type: string, attrs: Record<string, unknown>, attribute: string][] = [
    ["figure", { src: "http://example.com/a.png", alt: "", width: null, height: null }, "src"],
    ["linkCard", { url: "nowhere", title: "T", description: null, siteName: null, author: null }, "url"],
    ["codeBlock", { language: null, fileName: null, markedLines: "first" }, "markedLines"],
    ["pick", { url: "https://example.com", title: "", author: null }, "title"],
    ["mention", { name: "Tom", url: "javascript:alert(1)" }, "url"],
    ["callout", { kind: "shout", title: null }, "kind"],
    ["footnote", { content: [] }, "content"],
  ];
  test.each(wrong)("is named: %s", (type, attrs, attribute) => {
    expect(Object.keys(attributeProblems(type, attrs))).toEqual([attribute]);
  });

  test("is not found where there is none", () => {
    expect(attributeProblems("mathInline", { tex: "x" })).toEqual({});
    expect(attributeProblems("callout", { kind: "tip", title: null })).toEqual({});
  });
});
