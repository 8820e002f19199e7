/** Documents of many shapes for tests that hold for each of them. */
import fc from "fast-check";
import { words } from "./document.fixture";
import type { Block, Document, Inline, Mark } from "./schema";

/** Words with what Markdown could take for its own; single blanks inside, none at the ends. */
const phrase = fc
  .array(
    fc.constantFrom(
      "loss",
      "a_b_c",
      "*",
      "2*3*4",
      "$5",
      "[x]",
      "`",
      "#1",
      "article:That",
      "10:30",
      "~tilde~",
      "<i>",
      "1.",
      "-",
      "&amp;",
      "été",
      "日本",
      "^up^",
      "|",
      "\\",
      "!",
      "{x}",
      "::",
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(" "));
const plainWords = fc.constantFrom("loss", "drift", "two words", "10:30", "Okafor & Sons", 'a "b" c', "[x]");
const pageUrl = fc.constantFrom(
  "https://example.com/",
  "https://example.org/a_b?c=1&d=%20",
  "https://example.net/(x)",
);

const MARK_SETS: Mark[][] = [
  [],
  [],
  [{ type: "bold" }],
  [{ type: "italic" }],
  [{ type: "strike" }],
  [{ type: "code" }],
  [{ type: "superscript" }],
  [{ type: "bold" }, { type: "italic" }],
  [{ type: "link", attrs: { href: "https://example.com/x" } }],
  [{ type: "link", attrs: { href: "/archive" } }, { type: "bold" }],
];
const leafInline = fc.oneof(
  fc
    .record({ words: phrase, marks: fc.constantFrom(...MARK_SETS) })
    .map(
      ({ words: text, marks }): Inline =>
        marks.length > 0 ? { type: "text", text, marks } : { type: "text", text },
    ),
  fc.constantFrom<Inline>(
    { type: "mathInline", attrs: { tex: "x_i^2 + \\alpha" } },
    { type: "variable", attrs: { name: "price" } },
    { type: "mention", attrs: { name: "Ines Okafor", url: "https://example.org/ines" } },
    { type: "mention", attrs: { name: "Tom", url: null } },
    { type: "footnote", attrs: { content: [{ type: "text", text: "a note" }] } },
  ),
);
/** Pieces with and without a blank between them: marks may begin and end in the middle of a word. */
const inlineRun = fc
  .array(fc.record({ node: leafInline, blank: fc.boolean() }), { minLength: 1, maxLength: 4 })
  .map((pieces) =>
    joined(
      pieces.flatMap(({ node, blank }, index): Inline[] =>
        index > 0 && (blank || node.type === "mathInline" || pieces[0]?.node.type === "footnote")
          ? [{ type: "text", text: " " }, node]
          : [node],
      ),
    ),
  );

function joined(nodes: Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    const alike =
      last?.type === "text" &&
      node.type === "text" &&
      JSON.stringify(last.marks) === JSON.stringify(node.marks);
    if (alike) result[result.length - 1] = { ...last, text: last.text + node.text };
    else result.push(node);
  }
  return result;
}

const aParagraph = inlineRun.map((content): Block => ({ type: "paragraph", content }));
const nullable = fc.option(plainWords, { nil: null });
const leafBlock: fc.Arbitrary<Block> = fc.oneof(
  aParagraph,
  aParagraph,
  fc
    .record({ level: fc.constantFrom(2 as const, 3 as const, 4 as const), content: inlineRun })
    .map(({ level, content }): Block => ({ type: "heading", attrs: { level }, content })),
  fc
    .record({
      language: fc.constantFrom("py", "c++", null),
      fileName: nullable,
      text: fc.constantFrom("a = 1\n\n  b", "```", "  x\n", "~~~\n::paywall"),
    })
    .map(
      ({ language, fileName, text }): Block => ({
        type: "codeBlock",
        attrs: { language, fileName, markedLines: null },
        content: [{ type: "text", text }],
      }),
    ),
  fc.constantFrom<Block>(
    { type: "divider" },
    { type: "mathBlock", attrs: { tex: "a &= b \\\\\nc &= d" } },
    { type: "snippet", attrs: { name: "intro" } },
    {
      type: "figure",
      attrs: { src: "/media/a.png", alt: "an [alt]", width: null, height: null },
      content: words('a "caption"'),
    },
  ),
  fc.record({ caption: nullable }).map((attrs): Block => ({ type: "subscribeBox", attrs })),
  fc
    .record({ url: pageUrl, title: nullable, channel: nullable, duration: nullable })
    .map((attrs): Block => ({ type: "videoCard", attrs })),
  fc
    .record({ url: pageUrl, title: plainWords, description: nullable, siteName: nullable, author: nullable })
    .map((attrs): Block => ({ type: "linkCard", attrs })),
  fc
    .array(
      fc.record({
        attrs: fc.record({ url: pageUrl, title: plainWords, author: nullable }),
        content: inlineRun,
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map(
      (entries): Block => ({
        type: "picks",
        content: entries.map((entry) => ({ type: "pick" as const, ...entry })),
      }),
    ),
);
const aBlock = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leafBlock,
    fc
      .array(tie("block"), { minLength: 1, maxLength: 3 })
      .map((content): Block => ({ type: "blockquote", content })),
    fc
      .record({
        kind: fc.constantFrom("note" as const, "warning" as const),
        title: nullable,
        content: fc.array(tie("block"), { minLength: 1, maxLength: 2 }),
      })
      .map(({ kind, title, content }): Block => ({ type: "callout", attrs: { kind, title }, content })),
    fc.array(fc.array(tie("block"), { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }).map(
      (items): Block => ({
        type: "bulletList",
        content: items.map((content) => ({ type: "listItem" as const, content })),
      }),
    ),
    fc
      .record({
        start: fc.nat(20),
        items: fc.array(fc.array(tie("block"), { minLength: 1, maxLength: 2 }), {
          minLength: 1,
          maxLength: 2,
        }),
      })
      .map(
        ({ start, items }): Block => ({
          type: "orderedList",
          attrs: { start },
          content: items.map((content) => ({ type: "listItem" as const, content })),
        }),
      ),
  ),
})).block;
export const anyDocument = fc
  .array(aBlock, { minLength: 1, maxLength: 4 })
  .map((content): Document => ({ type: "doc", content }));
