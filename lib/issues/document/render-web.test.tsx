import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { prepareArtwork } from "./artwork";
import { contextFor, EVERY_NODE, PYTHON_SOURCE, paragraph, words } from "./document.fixture";
import type { RenderContext } from "./facts";
import { outlineOf } from "./reading";
import { renderWeb } from "./render-web";
import type { Document } from "./schema";

function web(document: Document, context: RenderContext): string {
  return renderToStaticMarkup(
    renderWeb(document, context, { subscribeForm: "the form", upgradeHref: "/join" }),
  );
}
function doc(...content: Document["content"]): Document {
  return { type: "doc", content };
}
/** What is left of markup when a browser shows it as text. */
function shown(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, "")
    .replace(
      /&(lt|gt|quot|#x27|amp);/g,
      (_whole, name) => ({ lt: "<", gt: ">", quot: '"', "#x27": "'" })[name as string] ?? "&",
    );
}

describe("the web page", () => {
  test.each([
    ["stranger", true, true],
    ["subscriber", false, true],
    ["member", false, false],
  ] as const)("shows a %s the subscribe box: %s, the upgrade button: %s", (reader, box, button) => {
    const page = web(EVERY_NODE, contextFor(reader));
    expect(page.includes("the form")).toBe(box);
    expect(page.includes("Read on")).toBe(button);
  });

  test("offers the price alone to somebody who had a trial", () => {
    const page = web(
      doc({ type: "upgradeButton", attrs: { label: null } }),
      contextFor("subscriber", { trialAvailable: false }),
    );
    expect(page).toContain("Become a member for $3/mo");
    expect(page).not.toContain("trial");
  });

  test("has the anchors that the outline names", () => {
    const page = web(EVERY_NODE, contextFor("member"));
    for (const { anchor } of outlineOf(EVERY_NODE)) expect(page).toContain(`id="${anchor}"`);
  });

  test("leads from each footnote to its words and back", () => {
    const note = (text: string) => ({
      type: "footnote" as const,
      attrs: { content: [{ type: "text" as const, text }] },
    });
    const page = web(
      doc(paragraph(...words("a"), note("first"), ...words("b"), note("second"))),
      contextFor("member"),
    );
    expect(page).toContain('<a href="#note-2" id="note-ref-2" aria-label="Footnote 2">2</a>');
    expect(page).toMatch(/<li id="note-2">second <a [^>]*href="#note-ref-2"/);
  });

  test("gives code whose text is the source, colours and marked lines or not", async () => {
    const artwork = await prepareArtwork([EVERY_NODE]);
    for (const context of [contextFor("member"), contextFor("member", { artwork })]) {
      const code =
        /<code>(def[\s\S]*?|<span[\s\S]*?)<\/code><\/pre>/.exec(web(EVERY_NODE, context))?.[1] ?? "";
      expect(shown(code)).toBe(PYTHON_SOURCE);
      expect(code.match(/<mark/g)).toHaveLength(3);
    }
  });

  test("skips a card of an issue that does not exist, and a snippet nobody wrote", () => {
    const page = web(
      doc(
        { type: "previousIssue", attrs: { number: 99, title: "Gone", excerpt: null } },
        { type: "snippet", attrs: { name: "nobody" } },
      ),
      contextFor("member"),
    );
    expect(page).toBe('<div class="issue-body" lang="en"></div>');
  });

  test("does not open a snippet inside a snippet", () => {
    const context = contextFor("member");
    const loop = doc(paragraph(...words("once")), { type: "snippet", attrs: { name: "loop" } });
    const issue = { ...context.issue, snippets: new Map([["loop", loop]]) };
    expect(
      web(doc({ type: "snippet", attrs: { name: "loop" } }), { ...context, issue }).match(/once/g),
    ).toHaveLength(1);
  });

  test("writes hostile words as words and holds no script, frame, handler or form of its own", () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const page = web(
      doc(
        paragraph(...words(evil), { type: "mention", attrs: { name: evil, url: null } }),
        {
          type: "figure",
          attrs: { src: "/media/a.png", alt: evil, width: null, height: null },
          content: words(evil),
        },
        {
          type: "codeBlock",
          attrs: { language: evil, fileName: evil, markedLines: "1-99999999999" },
          content: [{ type: "text", text: evil }],
        },
        { type: "mathBlock", attrs: { tex: evil } },
        { type: "callout", attrs: { kind: "note", title: evil }, content: [paragraph(...words(evil))] },
      ),
      contextFor("stranger"),
    );
    expect(page).not.toMatch(
      /<(script|iframe|form|input|object)|<img src=x|<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/,
    );
  });
});
