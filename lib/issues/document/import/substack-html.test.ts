import { describe, expect, test } from "vitest";
import { type Document, parseDocument } from "../schema";
import { ImportRefused } from "./import-notes";
import { documentFromSubstackHtml } from "./substack-html";

const seriesName = "Night Shift";

function blocks(html: string): Document["content"] {
  return documentFromSubstackHtml(html, { seriesName }).document.content;
}

function messages(html: string): string[] {
  return documentFromSubstackHtml(html, { seriesName }).notes.map(({ message }) => message);
}

/** An element as Substack's editor writes it: what it knows stands as JSON in an attribute. */
function embed(name: string, attributes: unknown, inner = "", tag = "div"): string {
  const json = JSON.stringify(attributes).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<${tag} class="${name}" data-attrs="${json}">${inner}</${tag}>`;
}

const text = (value: string) => ({ type: "text", text: value });
const paragraph = (...content: unknown[]) => ({ type: "paragraph", content });
const figure = (attrs: unknown, ...content: unknown[]) =>
  content.length > 0 ? { type: "figure", attrs, content } : { type: "figure", attrs };

const S3 = "https://substack-post-media.s3.amazonaws.com/public/images/tides_1200x628.png";
const CDN = `https://substackcdn.com/image/fetch/$s_!x!,w_1456,c_limit,f_auto/${encodeURIComponent(S3)}`;

describe("each of Substack's blocks becomes ours", () => {
  test.each<[string, string, unknown]>([
    ["a paywall", '<div class="paywall-jump" data-component-name="PaywallToDOM"></div>', { type: "paywall" }],
    [
      "a sign-up form",
      '<div class="subscription-widget-wrap-editor"><div class="preamble"><p class="cta-caption">Come along.</p></div><form><input value="x"></form></div>',
      { type: "subscribeBox", attrs: { caption: "Come along." } },
    ],
    [
      "a form without a caption",
      '<div class="subscription-widget-wrap"></div>',
      { type: "subscribeBox", attrs: { caption: null } },
    ],
    [
      "a card of another post",
      embed("embedded-post-wrap", {
        url: "https://example.org/p/tides",
        title: "Tides",
        truncated_body_text: "Twice a day.",
        publication_name: "The Quay",
        bylines: [{ name: "Ada Wren" }],
      }),
      {
        type: "linkCard",
        attrs: {
          url: "https://example.org/p/tides",
          title: "Tides",
          description: "Twice a day.",
          siteName: "The Quay",
          author: "Ada Wren",
        },
      },
    ],
    [
      "the card of an earlier issue",
      embed("digest-post-embed", {
        title: "Night Shift 3: Owls",
        caption: "They turn…",
        canonical_url: "https://x.example.com/p/3",
      }),
      { type: "previousIssue", attrs: { number: 3, title: "Night Shift 3: Owls", excerpt: "They turn…" } },
    ],
    [
      "the card of a post outside the series",
      embed("digest-post-embed", {
        title: "Ten owls 10: a list",
        caption: "Hoo",
        canonical_url: "https://x.example.com/p/ten",
      }),
      {
        type: "linkCard",
        attrs: {
          url: "https://x.example.com/p/ten",
          title: "Ten owls 10: a list",
          description: "Hoo",
          siteName: null,
          author: null,
        },
      },
    ],
    [
      "a post of a network, with entities and a quoted post",
      embed("tweet", {
        url: "https://x.com/ada/status/1",
        full_text: "Fish &amp; chips\n\nfor all",
        username: "ada",
        name: "Ada Wren",
        date: "Tue Mar 25 14:00:00 +0000 2025",
        quoted_tweet: { name: "Bo", full_text: "Hungry?" },
      }),
      {
        type: "socialPost",
        attrs: {
          url: "https://x.com/ada/status/1",
          authorName: "Ada Wren",
          handle: "ada",
          text: "Fish & chips\n\nfor all\n\nBo: Hungry?",
          date: "2025-03-25T14:00:00.000Z",
        },
      },
    ],
    [
      "a formula",
      embed("latex-rendered", { persistentExpression: "\\frac{a}{b} \\\\ c" }),
      { type: "mathBlock", attrs: { tex: "\\frac{a}{b} \\\\ c" } },
    ],
    [
      "a formula whose backslashes were doubled",
      embed("latex-rendered", { persistentExpression: "\\\\hat{w} = s \\\\cdot w" }),
      { type: "mathBlock", attrs: { tex: "\\hat{w} = s \\cdot w" } },
    ],
    [
      "a YouTube video",
      embed("youtube-wrap", { videoId: "aB-c_1", startTime: "42s" }),
      {
        type: "videoCard",
        attrs: {
          url: "https://www.youtube.com/watch?v=aB-c_1&t=42",
          title: null,
          channel: null,
          duration: null,
        },
      },
    ],
    [
      "a Vimeo video",
      embed("vimeo-wrap", { videoId: 1234 }),
      {
        type: "videoCard",
        attrs: { url: "https://vimeo.com/1234", title: null, channel: null, duration: null },
      },
    ],
    [
      "the button for subscribing",
      embed(
        "button-wrapper",
        { url: "https://x.example.com/subscribe?utm=1", text: "Upgrade for $3/mo" },
        "",
        "p",
      ),
      { type: "upgradeButton", attrs: { label: "Upgrade for $3/mo" } },
    ],
    [
      "any other button",
      embed("button-wrapper", { url: "https://example.com/book", text: "Get the book" }, "", "p"),
      paragraph({
        type: "text",
        text: "Get the book",
        marks: [{ type: "link", attrs: { href: "https://example.com/book" } }],
      }),
    ],
    [
      "an Instagram post",
      embed("instagram", { instagram_id: "Qw-1", title: "A photo", author_name: "ada" }),
      {
        type: "linkCard",
        attrs: {
          url: "https://www.instagram.com/p/Qw-1/",
          title: "A photo",
          description: null,
          siteName: "Instagram",
          author: "ada",
        },
      },
    ],
    ["a divider in a box", "<div><hr></div>", { type: "divider" }],
    [
      "a pull quote",
      '<div class="pullquote"><p>Mind it.</p></div>',
      { type: "blockquote", content: [paragraph(text("Mind it."))] },
    ],
    [
      "a callout",
      '<div class="callout-block"><p>Note.</p></div>',
      { type: "callout", attrs: { kind: "note", title: null }, content: [paragraph(text("Note."))] },
    ],
    [
      "code with its language",
      '<pre><code class="language-python">if a &lt; b:\n    pass\n</code></pre>',
      {
        type: "codeBlock",
        attrs: { language: "python", fileName: null, markedLines: null },
        content: [text("if a < b:\n    pass")],
      },
    ],
    [
      "highlighted code",
      embed(
        "highlighted_code_block",
        { language: "typescript" },
        '<pre class="shiki"><code class="language-typescript">const a = 1;</code></pre>',
      ),
      {
        type: "codeBlock",
        attrs: { language: "typescript", fileName: null, markedLines: null },
        content: [text("const a = 1;")],
      },
    ],
    [
      "verse",
      '<div class="preformatted-block"><label>Text</label><pre class="text">one\n  two</pre></div>',
      paragraph(text("one"), { type: "hardBreak" }, text("\u00a0\u00a0two")),
    ],
    [
      "a heading with its anchor",
      '<h1 class="header-anchor-post">A<div class="header-anchor-parent"><a href="#a">§</a></div></h1>',
      { type: "heading", attrs: { level: 2 }, content: [text("A")] },
    ],
  ])("%s", (_name, html, expected) => {
    expect(blocks(html)).toEqual([expected]);
    expect(messages(html)).toEqual([]);
  });
});

describe("pictures", () => {
  const image = (attributes: unknown, src = CDN) =>
    embed("sizing-normal", attributes, "", "img").replace("<img", `<img src="${src}"`).replace("</img>", "");

  test("are shown from where they lie, with size, description and caption", () => {
    const html = `<div class="captioned-image-container"><figure><a class="image-link" href="${CDN}"><picture>${image({ src: S3, width: 1200, height: 628, alt: "A tide table" })}</picture></a><figcaption>High <em>and</em> low</figcaption></figure></div>`;
    const italic = { type: "text", text: "and", marks: [{ type: "italic" }] };
    expect(blocks(html)).toEqual([
      figure({ src: S3, alt: "A tide table", width: 1200, height: 628 }, text("High "), italic, text(" low")),
    ]);
    expect(messages(html)).toEqual([]);
  });

  test("without what the editor knew are read from the address in the image service's", () => {
    expect(blocks(`<figure><img src="${CDN}" alt="T"></figure>`)).toEqual([
      figure({ src: S3, alt: "T", width: 1200, height: 628 }),
    ]);
  });

  test("that led elsewhere tell what was lost", () => {
    expect(messages(`<a href="https://example.com/book"><img src="${S3}"></a>`)).toEqual([
      "A picture's link was left out: https://example.com/book",
    ]);
  });

  test("of a gallery follow each other, the caption under the last", () => {
    const gallery = { gallery: { images: [{ src: S3 }, { src: CDN }], caption: "Both", alt: "Tides" } };
    const attrs = { src: S3, alt: "Tides", width: 1200, height: 628 };
    expect(blocks(embed("image-gallery-embed", gallery))).toEqual([
      figure(attrs),
      figure(attrs, text("Both")),
    ]);
  });

  test("with their data inside are left out and named", () => {
    expect(blocks('<p>a<img src="data:image/png;base64,AAAA">b</p>')).toEqual([
      paragraph(text("a")),
      paragraph(text("b")),
    ]);
    expect(messages('<img src="data:image/png;base64,AAAA">')[0]).toMatch(/picture was left out: data:image/);
  });
});

describe("attributes that were encoded oddly", () => {
  const attributes = { url: "https://example.org/p", title: "Tides", truncated_body_text: "", bylines: [] };
  const card = {
    type: "linkCard",
    attrs: { url: "https://example.org/p", title: "Tides", description: null, siteName: null, author: null },
  };

  test.each([
    ["once", embed("embedded-post-wrap", attributes)],
    ["as a string in JSON", embed("embedded-post-wrap", JSON.stringify(attributes))],
    ["as a string in a string", embed("embedded-post-wrap", JSON.stringify(JSON.stringify(attributes)))],
    ["with entities twice", embed("embedded-post-wrap", attributes).replaceAll("&quot;", "&amp;quot;")],
  ])("%s say the same", (_name, html) => {
    expect(blocks(html)).toEqual([card]);
  });

  test("that cannot be read leave the words of the element", () => {
    const html = '<div class="embedded-post-wrap" data-attrs="{&quot;no"><p>Tides, twice a day</p></div>';
    expect(blocks(html)).toEqual([paragraph(text("Tides, twice a day"))]);
    expect(messages(html)).toHaveLength(1);
  });
});

describe("words", () => {
  const mention = (name: string) => embed("mention-wrap", { name, url: null }, "", "span");

  test("never touch across blocks, mentions and cards", () => {
    const card = embed("embedded-post-wrap", { url: "https://example.org/p", title: "Tides" });
    const html = `<p>check out ${mention("Ada Wren")}’s article:</p>${card}<p>That’s all</p><div>One</div>two<section>three</section>`;
    expect(blocks(html)).toMatchObject([
      paragraph(
        text("check out "),
        { type: "mention", attrs: { name: "Ada Wren", url: null } },
        text("’s article:"),
      ),
      { type: "linkCard" },
      paragraph(text("That’s all")),
      paragraph(text("One")),
      paragraph(text("two")),
      paragraph(text("three")),
    ]);
  });

  test("of settings in prose stay words", () => {
    const prose = "Join 6300+ readers for $3/mo after a 7-day trial.";
    expect(blocks(`<p>${prose}</p>`)).toEqual([paragraph(text(prose))]);
  });

  test("lose empty paragraphs, outer breaks and runs of blanks", () => {
    expect(blocks("<p></p><p> </p><p><br></p><p>\n a  b <em> c</em> <br></p>")).toEqual([
      paragraph(text("a b "), { type: "text", text: "c", marks: [{ type: "italic" }] }),
    ]);
  });

  test("keep marks in one order, and lose a link that leads nowhere safe", () => {
    const html =
      '<p><code><strong><a href="https://example.com">x</a></strong></code> <a href="javascript:alert(1)">y</a></p>';
    const marks = [
      { type: "link", attrs: { href: "https://example.com" } },
      { type: "bold" },
      { type: "code" },
    ];
    expect(blocks(html)).toEqual([paragraph({ type: "text", text: "x", marks }, text(" y"))]);
    expect(messages(html)).toEqual(["A link that leads nowhere safe was left out: javascript:alert(1)"]);
  });

  test("of unknown elements are kept and told; scripts and styles are no words", () => {
    const html = "<blink>Now</blink><style>a{}</style><script>b()</script><p>then</p>";
    expect(blocks(html)).toEqual([paragraph(text("Now")), paragraph(text("then"))]);
    expect(messages(html)).toEqual(["<blink> has no form in an issue; its text was kept."]);
  });

  test.each([
    ["poll-embed", "A poll"],
    ["native-video-embed", "A video that was uploaded"],
    ["community-chat", "A link to the Substack chat"],
  ])("of %s cannot be moved, and the author is told", (name, expected) => {
    const html = `<p>a</p>${embed(name, { id: 5 })}<p>b</p>`;
    expect(blocks(html)).toEqual([paragraph(text("a")), paragraph(text("b"))]);
    expect(messages(html)[0]).toContain(expected);
  });

  test("of a button that only Substack has are left out and told", () => {
    expect(blocks(embed("button-wrapper", { url: "%%share_url%%", text: "Share" }, "", "p"))).toHaveLength(1);
    expect(messages(embed("button-wrapper", { url: "%%share_url%%", text: "Share" }, "", "p"))).toHaveLength(
      1,
    );
  });

  test("of an unknown embed become a link where it names a page", () => {
    const html = embed("spotify-wrap", {
      url: "https://open.example.com/track/1",
      title: "A song",
      description: "By the sea",
    });
    expect(blocks(html)).toMatchObject([
      { type: "linkCard", attrs: { title: "A song", description: "By the sea" } },
    ]);
    expect(messages(html)).toHaveLength(1);
  });
});

describe("footnotes", () => {
  const anchor = '<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a>';
  const note = (id: number, inner: string) =>
    `<div class="footnote"><a id="footnote-${id}" href="#footnote-anchor-${id}" class="footnote-number">${id}</a><div class="footnote-content">${inner}</div></div>`;

  test("stand where their number did, with all their words", () => {
    const content = [
      text("See "),
      { type: "text", text: "this", marks: [{ type: "bold" }] },
      { type: "hardBreak" },
      text("and that."),
    ];
    expect(blocks(`<p>Claim.${anchor}</p>${note(1, "<p>See <b>this</b></p><p>and that.</p>")}`)).toEqual([
      paragraph(text("Claim."), { type: "footnote", attrs: { content } }),
    ]);
  });

  test("that nothing points to stay as a paragraph", () => {
    const html = `<p>Claim.</p>${note(2, "<p>Lost words.</p>")}`;
    expect(blocks(html)).toEqual([paragraph(text("Claim.")), paragraph(text("Lost words."))]);
    expect(messages(html)).toHaveLength(1);
  });

  test("without words leave their number raised", () => {
    expect(blocks(`<p>Claim.${anchor}</p>`)).toEqual([
      paragraph(text("Claim."), { type: "text", text: "1", marks: [{ type: "superscript" }] }),
    ]);
  });
});

describe("lists", () => {
  const pick = (name: string, rest = "") =>
    `<li><p><strong><a href="https://example.com/${name}">${name}</a></strong>${rest}</p></li>`;
  const by = (name: string) => ` by ${embed("mention-wrap", { name, url: null }, "", "span")}`;
  const entry = (name: string, author: string | null, summary?: string) => ({
    type: "pick",
    attrs: { url: `https://example.com/${name}`, title: name, author },
    ...(summary ? { content: [text(summary)] } : {}),
  });

  test("of linked titles with summaries are picks, and the paywall between two joins them", () => {
    const html = `<h2>My picks</h2><ul>${pick("a", ": One: first.")}${pick("b", `${by("Ada Wren")}: Two.`)}</ul><div class="paywall-jump"></div><ul>${pick("c", " by Bo Lee: Three.")}${pick("d")}</ul>`;
    expect(blocks(html)).toEqual([
      { type: "heading", attrs: { level: 2 }, content: [text("My picks")] },
      {
        type: "picks",
        content: [
          entry("a", null, "One: first."),
          entry("b", "Ada Wren", "Two."),
          { type: "paywall" },
          entry("c", "Bo Lee", "Three."),
          entry("d", null),
        ],
      },
    ]);
  });

  test("with the paywall inside one list are the same", () => {
    const html = `<ul>${pick("a", ": One.")}<div class="paywall-jump"></div>${pick("b", ": Two.")}</ul>`;
    expect(blocks(html)).toEqual([
      { type: "picks", content: [entry("a", null, "One."), { type: "paywall" }, entry("b", null, "Two.")] },
    ]);
  });

  test.each([
    ["plain links", '<ul><li><a href="https://example.com/a">a</a>: words</li></ul>'],
    ["bold words", "<ul><li><strong>a</strong>: words</li></ul>"],
    ["titles alone", `<ul>${pick("a")}${pick("b")}</ul>`],
    ["one item of another kind", `<ul>${pick("a", ": One.")}<li>words</li></ul>`],
  ])("of %s stay lists", (_name, html) => {
    expect(blocks(html).map(({ type }) => type)).toEqual(["bulletList"]);
  });

  test("keep their first number and their nesting", () => {
    const html = '<ol start="3"><li><p>c</p><ul><li>d</li></ul></li></ol>';
    const inner = { type: "bulletList", content: [{ type: "listItem", content: [paragraph(text("d"))] }] };
    expect(blocks(html)).toEqual([
      {
        type: "orderedList",
        attrs: { start: 3 },
        content: [{ type: "listItem", content: [paragraph(text("c")), inner] }],
      },
    ]);
  });
});

test("a table keeps heads, spans and alignment", () => {
  const html =
    '<table><thead><tr><th colspan="2" style="text-align: right">A</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table>';
  const cell = (type: string, colspan: number, align: string | null, content: unknown) => ({
    type,
    attrs: { colspan, rowspan: 1, align },
    content: [content],
  });
  expect(blocks(html)).toEqual([
    {
      type: "table",
      content: [
        { type: "tableRow", content: [cell("tableHeader", 2, "right", paragraph(text("A")))] },
        {
          type: "tableRow",
          content: [
            cell("tableCell", 1, null, paragraph(text("1"))),
            cell("tableCell", 1, null, { type: "paragraph" }),
          ],
        },
      ],
    },
  ]);
});

test("a paywall inside a quote or a table leaves nothing paid before it", () => {
  const wall = '<div class="paywall-jump"></div>';
  expect(blocks(`<blockquote><p>free</p>${wall}<p>paid</p></blockquote>`).map(({ type }) => type)).toEqual([
    "blockquote",
    "paywall",
    "blockquote",
  ]);
  expect(blocks(`<p>free</p><table><tr><td>${wall}paid</td></tr></table>`).map(({ type }) => type)).toEqual([
    "paragraph",
    "paywall",
    "table",
  ]);
});

describe("hostile HTML", () => {
  test.each([
    ["deep", "<div>".repeat(50_000)],
    ["long", "x".repeat(4_000_001)],
    ["of too many parts", "<p>a</p>".repeat(100_000)],
  ])("that is %s is refused", (_name, html) => {
    expect(() => blocks(html)).toThrow(ImportRefused);
  });

  test.each([
    `${"<blockquote>".repeat(90)}a`,
    `${"<ul><li>".repeat(45)}a`,
    `${"<b><i><s>".repeat(30)}a`,
    `${"</p></b></div>".repeat(20_000)}a`,
    "<p>\u0000\ud800&#0;a</p>",
    '<a href="https://example.com"><div><p>a</p></div></a>',
    "<table><p>a</p></table><p>a",
  ])("%#: ends in a valid issue that keeps its words", (html) => {
    const { document } = documentFromSubstackHtml(html);
    expect(parseDocument(document)).toEqual({ ok: true, document });
    expect(JSON.stringify(document)).toContain("a");
  });
});
