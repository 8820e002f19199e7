import fc from "fast-check";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { contextFor, paragraph, words } from "./document.fixture";
import { excerptOf, outlineOf } from "./reading";
import { renderMailBody } from "./render-mail";
import { renderMarkdown } from "./render-markdown";
import { renderText } from "./render-text";
import { renderWeb } from "./render-web";
import { type Block, type Document, type Pick, parseDocument } from "./schema";
import { cutTeaser, documentFor, membersPart } from "./teaser";

const FREE = paragraph(...words("free"));
const PAID = paragraph(...words("paid"));
const WALL = { type: "paywall" as const };

function doc(...content: Document["content"]): Document {
  return { type: "doc", content };
}
function pick(title: string): Pick {
  return { type: "pick", attrs: { url: "https://example.com/", title, author: null } };
}
function picks(...content: (Pick | typeof WALL)[]): Extract<Block, { type: "picks" }> {
  return { type: "picks", content };
}

describe("the cut", () => {
  const cases: [name: string, whole: Document, teaser: Document, members: Document][] = [
    ["between two blocks", doc(FREE, WALL, PAID), doc(FREE), doc(PAID)],
    ["before everything", doc(WALL, PAID), doc(), doc(PAID)],
    ["after everything", doc(FREE, WALL), doc(FREE), doc()],
    [
      "between two picks",
      doc(FREE, picks(pick("one"), WALL, pick("two")), PAID),
      doc(FREE, picks(pick("one"))),
      doc(picks(pick("two")), PAID),
    ],
    [
      "before the first pick leaves no empty list",
      doc(FREE, picks(WALL, pick("two"))),
      doc(FREE),
      doc(picks(pick("two"))),
    ],
    [
      "after the last pick leaves no empty list",
      doc(picks(pick("one"), WALL), PAID),
      doc(picks(pick("one"))),
      doc(PAID),
    ],
    ["in a list of nothing but the paywall", doc(FREE, picks(WALL), PAID), doc(FREE), doc(PAID)],
  ];
  test.each(cases)("%s", (_name, whole, teaser, members) => {
    expect(cutTeaser(whole)).toEqual({ teaser, wall: true });
    expect(membersPart(whole)).toEqual(members);
    expect(parseDocument(teaser).ok).toBe(true);
    expect(parseDocument(members).ok).toBe(true);
  });

  test("without a paywall the teaser is the whole and nothing is for members alone", () => {
    expect(cutTeaser(doc(FREE, PAID))).toEqual({ teaser: doc(FREE, PAID), wall: false });
    expect(membersPart(doc(FREE, PAID))).toEqual(doc());
  });
});

describe("the document for a reader", () => {
  const walled = doc(FREE, picks(pick("one"), WALL, pick("two")), PAID);
  const open = doc(FREE, PAID);
  const cases: [
    audience: "EVERYONE" | "MEMBERS",
    canReadWhole: boolean,
    whole: Document,
    got: Document,
    wall: boolean,
  ][] = [
    ["MEMBERS", true, walled, doc(FREE, picks(pick("one"), pick("two")), PAID), false],
    ["MEMBERS", false, walled, doc(FREE, picks(pick("one"))), true],
    ["EVERYONE", true, walled, doc(FREE, picks(pick("one"), pick("two")), PAID), false],
    ["EVERYONE", false, walled, doc(FREE, picks(pick("one"))), true],
    ["EVERYONE", false, open, open, false],
    ["EVERYONE", true, open, open, false],
    ["MEMBERS", false, open, doc(), true],
    ["MEMBERS", true, open, open, false],
  ];
  test.each(cases)("for %s, whole: %s", (audience, canReadWhole, whole, document, wall) => {
    expect(documentFor(whole, { audience, canReadWhole })).toEqual({ document, wall });
  });
});

const CANARY = "kanarienvogel";

/** Blocks that carry the canary in every place where a block can carry words. */
const paidBlock = fc.constantFrom<Block>(
  paragraph(...words(CANARY)),
  paragraph({ type: "footnote", attrs: { content: [{ type: "text", text: CANARY }] } }),
  paragraph(
    { type: "mathInline", attrs: { tex: CANARY } },
    { type: "mention", attrs: { name: CANARY, url: null } },
  ),
  paragraph({
    type: "text",
    text: "link",
    marks: [{ type: "link", attrs: { href: `https://example.com/${CANARY}` } }],
  }),
  { type: "heading", attrs: { level: 2 }, content: words(CANARY) },
  { type: "blockquote", content: [paragraph(...words(CANARY))] },
  { type: "callout", attrs: { kind: "tip", title: CANARY }, content: [FREE] },
  { type: "bulletList", content: [{ type: "listItem", content: [paragraph(...words(CANARY))] }] },
  {
    type: "codeBlock",
    attrs: { language: CANARY, fileName: CANARY, markedLines: null },
    content: [{ type: "text", text: CANARY }],
  },
  { type: "mathBlock", attrs: { tex: CANARY } },
  {
    type: "figure",
    attrs: { src: `/media/${CANARY}.png`, alt: CANARY, width: null, height: null },
    content: words(CANARY),
  },
  { type: "subscribeBox", attrs: { caption: CANARY } },
  { type: "upgradeButton", attrs: { label: CANARY } },
  { type: "previousIssue", attrs: { number: null, title: CANARY, excerpt: CANARY } },
  {
    type: "linkCard",
    attrs: {
      url: `https://${CANARY}.example/`,
      title: CANARY,
      description: CANARY,
      siteName: CANARY,
      author: CANARY,
    },
  },
  {
    type: "socialPost",
    attrs: {
      url: `https://${CANARY}.example/`,
      authorName: CANARY,
      handle: CANARY,
      text: CANARY,
      date: null,
    },
  },
  {
    type: "videoCard",
    attrs: { url: `https://${CANARY}.example/`, title: CANARY, channel: CANARY, duration: CANARY },
  },
  {
    type: "table",
    content: [
      {
        type: "tableRow",
        content: [
          {
            type: "tableCell",
            attrs: { colspan: 1, rowspan: 1, align: null },
            content: [paragraph(...words(CANARY))],
          },
        ],
      },
    ],
  },
  picks(pick(CANARY)),
);
const walledDocument = fc
  .record({
    free: fc.array(fc.constantFrom<Block>(FREE, picks(pick("free"))), { maxLength: 4 }),
    paid: fc.array(paidBlock, { minLength: 1, maxLength: 6 }),
    insidePicks: fc.option(fc.record({ before: fc.nat(2), after: fc.integer({ min: 1, max: 3 }) }), {
      nil: null,
    }),
  })
  .map(({ free, paid, insidePicks }): Document => {
    if (!insidePicks) return doc(...free, WALL, ...paid);
    const before = Array.from({ length: insidePicks.before }, () => pick("free"));
    const after = Array.from({ length: insidePicks.after }, () => pick(CANARY));
    return doc(...free, picks(...before, WALL, ...after), ...paid);
  });

function everyRendering(document: Document, reader: "stranger" | "subscriber"): string {
  const context = contextFor(reader);
  return [
    renderToStaticMarkup(renderWeb(document, context, { subscribeForm: null, upgradeHref: "/join" })),
    renderToStaticMarkup(renderMailBody(document, context)),
    renderText(document, context),
  ].join("\n");
}

describe("what stands behind the paywall", () => {
  test("is in no rendering of the teaser", () => {
    fc.assert(
      fc.property(
        walledDocument,
        fc.constantFrom("EVERYONE" as const, "MEMBERS" as const),
        (whole, audience) => {
          const { document, wall } = documentFor(whole, { audience, canReadWhole: false });
          expect(wall).toBe(true);
          expect(parseDocument(document).ok).toBe(true);
          const outputs = [
            JSON.stringify(document),
            everyRendering(document, "stranger"),
            everyRendering(document, "subscriber"),
            renderMarkdown(document),
            excerptOf(document),
            JSON.stringify(outlineOf(document)),
          ];
          expect(outputs.join("\n")).not.toContain(CANARY);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("is in no reader's rendering even when the whole document is passed by mistake", () => {
    fc.assert(
      fc.property(
        walledDocument,
        fc.constantFrom("stranger" as const, "subscriber" as const),
        (whole, reader) => {
          expect(everyRendering(whole, reader)).not.toContain(CANARY);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("and the teaser together are the whole without its paywall", () => {
    fc.assert(
      fc.property(walledDocument, (whole) => {
        const parts = [...cutTeaser(whole).teaser.content, ...membersPart(whole).content];
        const all = documentFor(whole, { audience: "MEMBERS", canReadWhole: true }).document;
        expect(flat(parts)).toEqual(flat(all.content));
      }),
    );
  });
});

/** A list of picks that the paywall cut in two counts by its picks. */
function flat(content: Document["content"]): unknown[] {
  return content.flatMap((node): unknown[] => (node.type === "picks" ? node.content : [node]));
}
