import { describe, expect, test } from "vitest";
import { readSampleIssues, readSamplePictures, readSampleSnippets } from "@/prisma/sample/sample-issues";
import { EVERY_NODE } from "../document.fixture";
import { renderMarkdown } from "../render-markdown";
import { type Document, parseDocument } from "../schema";
import { documentFromMarkdown } from "./markdown";

function blocks(source: string, pictures?: ReadonlyMap<string, string>): Document["content"] {
  return documentFromMarkdown(source, pictures ? { pictures } : {}).document.content;
}

function messages(source: string): string[] {
  return documentFromMarkdown(source).notes.map(({ message }) => message);
}

const text = (value: string) => ({ type: "text", text: value });
const paragraph = (...content: unknown[]) => ({ type: "paragraph", content });

describe("what was written as Markdown is read back as it was", () => {
  test("for every node and mark there is", () => {
    const { document, notes } = documentFromMarkdown(renderMarkdown(EVERY_NODE));
    expect(document).toEqual(EVERY_NODE);
    expect(notes).toEqual([]);
  });

  test("for the sample issues and snippets", async () => {
    const pictures = new Map(
      (await readSamplePictures()).map(({ path }) => [path, `/media/${path.slice(7)}`]),
    );
    const issues = await readSampleIssues(pictures);
    const documents = [
      ...issues.map(({ document }) => document),
      ...readSampleSnippets().map(({ body }) => body),
    ];
    for (const document of documents)
      expect(documentFromMarkdown(renderMarkdown(document))).toMatchObject({ document, notes: [] });
  });
});

describe("front matter", () => {
  test("gives the issue's fields", () => {
    const source = `---
title: "Drift: a field guide"
subtitle: What moved
slug: drift-a-field-guide
date: 2026-11-20
number: 7
audience: members
subject: It moved
preheader: Look
---
Body`;
    expect(documentFromMarkdown(source)).toEqual({
      document: { type: "doc", content: [paragraph(text("Body"))] },
      frontMatter: {
        title: "Drift: a field guide",
        subtitle: "What moved",
        slug: "drift-a-field-guide",
        date: "2026-11-20",
        number: 7,
        audience: "MEMBERS",
        subject: "It moved",
        preheader: "Look",
      },
      notes: [],
    });
  });

  test.each([
    ["an unknown key", "layout: post", /"layout" is not used/],
    ["a wrong date", "date: last Friday", /date was left out/],
    ["a wrong slug", "slug: Not A Slug", /slug was left out/],
    ["a number below one", "number: 0", /number was left out/],
    ["an unknown audience", "audience: friends", /audience was left out/],
    ["broken YAML", "title: [", /could not be read/],
    ["a list", "- a", /front matter was left out/],
    ["an alias", "title: &a x\nsubtitle: *a", /write each value out/],
  ])("with %s is reported, and the body is read", (_name, head, expected) => {
    const { document, notes } = documentFromMarkdown(`---\n${head}\n---\nBody`);
    expect(document.content).toEqual([paragraph(text("Body"))]);
    expect(notes[0]?.message).toMatch(expected);
  });

  test("numbers and titles that YAML takes for numbers stay titles", () => {
    expect(documentFromMarkdown("---\ntitle: 2026\n---\n").frontMatter.title).toBe("2026");
  });
});

describe("Markdown written by hand", () => {
  test("headings begin at level two", () => {
    expect(
      blocks("# A\n\n## B\n\n### C\n\n##### D").map((block) => ("attrs" in block ? block.attrs : null)),
    ).toEqual([{ level: 2 }, { level: 2 }, { level: 3 }, { level: 4 }]);
  });

  test("a picture alone is a figure, and its title the caption", () => {
    expect(blocks('![A chart](https://example.com/a.png "Cost")')).toEqual([
      {
        type: "figure",
        attrs: { src: "https://example.com/a.png", alt: "A chart", width: null, height: null },
        content: [text("Cost")],
      },
    ]);
  });

  test("a picture among words splits the paragraph", () => {
    expect(blocks("before ![x](/media/a.png) after").map(({ type }) => type)).toEqual([
      "paragraph",
      "figure",
      "paragraph",
    ]);
  });

  test("a picture of this computer is left out by name and keeps its description", () => {
    const { document, notes } = documentFromMarkdown("see ![the curve](images/a.png) here");
    expect(document.content).toEqual([paragraph(text("see the curve here"))]);
    expect(notes).toEqual([{ message: expect.stringContaining("images/a.png"), line: 1 }]);
  });

  test("a picture that was uploaded is found by its path", () => {
    const pictures = new Map([["images/a.png", "/media/1.webp"]]);
    expect(blocks("![x](./images/a.png)", pictures)).toMatchObject([{ attrs: { src: "/media/1.webp" } }]);
  });

  test("raw HTML leaves its words and no tag", () => {
    const source = '<div onclick="x()">one<p>two</p></div>\n\nthree <b>four</b><br>five <script>';
    const { document, notes } = documentFromMarkdown(source);
    expect(document.content).toEqual([
      paragraph(text("one")),
      paragraph(text("two")),
      paragraph(text("three four"), { type: "hardBreak" }, text("five")),
    ]);
    expect(notes.map(({ message }) => message)).toEqual([expect.stringContaining("HTML tags were left out")]);
  });

  test("the words of a script are no words", () => {
    expect(blocks("<script>\nalert(1)\n</script>\n\nok")).toEqual([paragraph(text("ok"))]);
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])(
    "a link to %s is left out",
    (url) => {
      const { document, notes } = documentFromMarkdown(`[words](${url})`);
      expect(document.content).toEqual([paragraph(text("words"))]);
      expect(notes).toHaveLength(1);
    },
  );

  test.each([
    ["It costs $3/mo or $5/mo.", "It costs $3/mo or $5/mo."],
    ["At 12:30 note:this happened.", "At 12:30 note:this happened."],
    ["between $3 and $5", "between $3 and $5"],
  ])("prices and colons in prose stay prose: %s", (source, expected) => {
    expect(blocks(source)).toEqual([paragraph(text(expected))]);
  });

  test("an unknown directive is kept as text", () => {
    expect(blocks(":::spoiler[Ending]\nHe *wins*.\n:::")).toEqual([
      paragraph(text("Ending")),
      paragraph(text("He "), { type: "text", text: "wins", marks: [{ type: "italic" }] }, text(".")),
    ]);
    expect(messages(":::spoiler\nx\n:::")).toEqual(['"spoiler" is no block of an issue; its text was kept.']);
  });

  test.each([
    ['::link-card{url="nowhere" title="A page"}', "A page"],
    [':::social-post{author="Ann"}\nHello\n:::', "Hello"],
    ['::video{title="A film"}', "A film"],
    ['::snippet{name="Not a name"}', "Not a name"],
    [":::figure\nno picture\n:::", "no picture"],
  ])("a block that lacks something keeps its words: %s", (source, words) => {
    expect(JSON.stringify(blocks(source))).toContain(words);
    expect(messages(source)).toHaveLength(1);
  });

  test("the names of JavaScript's own objects are no blocks", () => {
    expect(blocks("::constructor[x]\n\n::toString[y]")).toEqual([paragraph(text("x")), paragraph(text("y"))]);
  });

  test("tasks keep their boxes", () => {
    expect(blocks("- [x] done\n- [ ] open")).toMatchObject([
      { content: [{ content: [paragraph(text("☑ done"))] }, { content: [paragraph(text("☐ open"))] }] },
    ]);
  });

  test("a setting of a fence that means nothing here is reported", () => {
    expect(blocks('```py {2,5-7} title="a.py" showLineNumbers\nx\n```')).toMatchObject([
      { attrs: { language: "py", fileName: "a.py", markedLines: "2,5-7" } },
    ]);
    expect(messages("```py showLineNumbers\nx\n```")).toEqual([
      "A code block's setting was left out: showLineNumbers",
    ]);
  });

  test("a footnote that nothing points to stands at the end", () => {
    expect(blocks("Body\n\n[^a]: Lost words")).toEqual([
      paragraph(text("Body")),
      paragraph(text("Lost words")),
    ]);
  });

  test("a footnote with two paragraphs is one run of words", () => {
    expect(blocks("Body[^a]\n\n[^a]: One\n\n    Two")).toEqual([
      paragraph(text("Body"), {
        type: "footnote",
        attrs: { content: [text("One"), { type: "hardBreak" }, text("Two")] },
      }),
    ]);
  });
});

describe("picks", () => {
  test("authors may stand in the link's title or after it", () => {
    const source =
      ':::picks\n- [A](https://example.com/a "Ann"): One\n- [B](https://example.com/b) by Bob Lee: Two\n- [C](https://example.com/c)\n:::';
    expect(blocks(source)).toEqual([
      {
        type: "picks",
        content: [
          {
            type: "pick",
            attrs: { url: "https://example.com/a", title: "A", author: "Ann" },
            content: [text("One")],
          },
          {
            type: "pick",
            attrs: { url: "https://example.com/b", title: "B", author: "Bob Lee" },
            content: [text("Two")],
          },
          { type: "pick", attrs: { url: "https://example.com/c", title: "C", author: null } },
        ],
      },
    ]);
  });

  test("a list of something else stays a list, and the paywall keeps its place", () => {
    const source =
      ":::picks\n- [A](https://example.com/a): One\n- no link\n\n::paywall\n\n- [B](https://example.com/b)\n:::";
    expect(blocks(source).map(({ type }) => type)).toEqual(["bulletList", "paywall", "bulletList"]);
    expect(messages(source)[0]).toMatch(/kept as an ordinary list/);
  });
});

describe("the paywall", () => {
  test("inside a quote splits it, so nothing paid stands before it", () => {
    expect(blocks("> free\n>\n> ::paywall\n>\n> paid")).toEqual([
      { type: "blockquote", content: [paragraph(text("free"))] },
      { type: "paywall" },
      { type: "blockquote", content: [paragraph(text("paid"))] },
    ]);
  });

  test("inside a numbered list splits it and goes on counting", () => {
    const source = "1. one\n2. two\n\n   ::paywall\n\n   more\n3. three";
    expect(blocks(source)).toMatchObject([
      { type: "orderedList", attrs: { start: 1 } },
      { type: "paywall" },
      { type: "orderedList", attrs: { start: 3 } },
    ]);
  });

  test("stands once: the first counts", () => {
    const source = "a\n\n::paywall\n\nb\n\n::paywall\n\nc";
    expect(blocks(source).map(({ type }) => type)).toEqual([
      "paragraph",
      "paywall",
      "paragraph",
      "paragraph",
    ]);
    expect(messages(source)).toEqual(["An issue has one paywall; only the first was kept."]);
  });
});

test.each([
  "",
  "\n\n",
  "---\n---\n",
  "<!-- -->",
  "[^1]:",
  "\uFEFF# A\r\nB",
  "|a|\n|-|",
  "\u0000\ud800 x",
  ":::picks\n:::",
  "$$\n$$",
])("%j gives a valid issue", (source) => {
  const { document } = documentFromMarkdown(source);
  expect(parseDocument(document)).toEqual({ ok: true, document });
});
