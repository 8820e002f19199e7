/** One issue that uses every node, mark and variable of the schema, with what its renderings need beside it. */
import type { Artwork, IssueCard, IssueFacts, ReaderKind, RenderContext } from "./facts";
import type { Block, Document, Inline, TableCell } from "./schema";

const EMPTY_ARTWORK: Artwork = { code: new Map(), math: new Map() };

const INTRO_SNIPPET: Document = {
  type: "doc",
  content: [
    { type: "heading", attrs: { level: 3 }, content: words("From the workshop") },
    paragraph(
      ...words("A letter on building with models, for "),
      { type: "variable", attrs: { name: "subscriberCount" } },
      ...words(" people who ship."),
    ),
  ],
};

const ISSUE: IssueFacts = {
  publication: {
    publicationName: "The Held-Out Set",
    seriesName: "Field Notes",
    authorName: "Mara Lindqvist",
    publicUrl: "https://letters.example",
    language: "en",
    price: "$3/mo",
    trialDays: 7,
    subscriberCount: "2400+",
  },
  slug: "drift-before-breakfast",
  title: "Drift before breakfast",
  number: 12,
  cards: new Map<number | "previous", IssueCard>([
    [
      "previous",
      {
        number: 11,
        slug: "quantise-last",
        title: "Quantise last",
        excerpt: "What broke when we did it first.",
      },
    ],
    [3, { number: 3, slug: "label-noise", title: "Label noise is a clock", excerpt: "Watch it tick." }],
  ]),
  snippets: new Map([["intro", INTRO_SNIPPET]]),
};

/** The facts of the fixture's issue for one kind of reader; without artwork unless given. */
export function contextFor(reader: ReaderKind, changes: Partial<RenderContext> = {}): RenderContext {
  return { reader, issue: ISSUE, artwork: EMPTY_ARTWORK, trialAvailable: true, ...changes };
}

export const PYTHON_SOURCE = [
  "def psi(expected, actual, bins=10):",
  '    """Population stability index of two samples."""',
  "    edges = np.quantile(expected, np.linspace(0, 1, bins + 1))",
  "",
  "    p, _ = np.histogram(expected, edges)  # the week we trained on",
  "    q, _ = np.histogram(actual, edges)",
  "    return float(np.sum((q - p) * np.log(q / p)))",
].join("\n");

const OPENING: Block[] = [
  { type: "snippet", attrs: { name: "intro" } },
  { type: "subscribeBox", attrs: { caption: "One letter each Friday, no more." } },
  paragraph(
    ...words("Every score in a "),
    marked("dashboard", "bold"),
    ...words(" was "),
    marked("true", "italic"),
    ...words(" once. "),
    marked("Always", "strike"),
    ...words(" Call "),
    marked("np.histogram", "code"),
    ...words(", read "),
    { type: "text", text: "the guide", marks: [link("https://example.com/guide?a=1&b=2")] },
    ...words(", or "),
    { type: "text", text: "our archive", marks: [link("/archive"), { type: "bold" }] },
    ...words(". H"),
    marked("2", "subscript"),
    ...words("O and x"),
    marked("2", "superscript"),
    ...words("."),
    { type: "hardBreak" },
    ...words("A new line, with "),
    { type: "mathInline", attrs: { tex: "\\hat{y} = \\sigma(w^\\top x)" } },
    ...words(" in it, as "),
    { type: "mention", attrs: { name: "Ines Okafor", url: "https://example.org/ines" } },
    ...words(" and "),
    { type: "mention", attrs: { name: "Tom", url: null } },
    ...words(" say."),
    {
      type: "footnote",
      attrs: {
        content: [
          ...noteWords("Tom said it "),
          { type: "text", text: "first", marks: [{ type: "italic" }] },
          ...noteWords("."),
        ],
      },
    },
  ),
  { type: "heading", attrs: { level: 2 }, content: words("What drifts") },
  { type: "bulletList", content: [item(paragraph(...words("Inputs"))), item(paragraph(...words("Labels")))] },
  {
    type: "orderedList",
    attrs: { start: 3 },
    content: [
      item(paragraph(...words("Measure")), {
        type: "bulletList",
        content: [item(paragraph(...words("weekly, not daily")))],
      }),
      item(paragraph(...words("Decide"))),
    ],
  },
  { type: "blockquote", content: [paragraph(...words("A model is a photograph of a river."))] },
  {
    type: "callout",
    attrs: { kind: "warning", title: "Before you retrain" },
    content: [paragraph(...words("Check the join keys.")), paragraph(...words("Then check them again."))],
  },
  {
    type: "callout",
    attrs: { kind: "note", title: null },
    content: [paragraph(...words("Nothing is urgent."))],
  },
  { type: "heading", attrs: { level: 3 }, content: words("The measure") },
  { type: "mathBlock", attrs: { tex: "\\mathrm{PSI} = \\sum_{i=1}^{B} (q_i - p_i) \\ln \\frac{q_i}{p_i}" } },
  {
    type: "codeBlock",
    attrs: { language: "py", fileName: "drift.py", markedLines: "3,5-6" },
    content: [{ type: "text", text: PYTHON_SOURCE }],
  },
  { type: "codeBlock", attrs: { language: null, fileName: null, markedLines: null } },
  {
    type: "figure",
    attrs: {
      src: "/media/psi-weeks.png",
      alt: "PSI by week, rising after week nine",
      width: 1200,
      height: 640,
    },
    content: [...words("Twelve weeks of "), marked("one", "italic"), ...words(" feature.")],
  },
  { type: "figure", attrs: { src: "https://example.com/rule.png", alt: "", width: null, height: null } },
];

const TABLES: Block[] = [
  {
    type: "table",
    content: [
      { type: "tableRow", content: [cell("tableHeader", "Feature"), cell("tableHeader", "PSI", "right")] },
      { type: "tableRow", content: [cell("tableCell", "basket size"), cell("tableCell", "0.31", "right")] },
      { type: "tableRow", content: [cell("tableCell", "hour | minute"), cell("tableCell", "0.04", "right")] },
    ],
  },
  {
    type: "table",
    content: [
      {
        type: "tableRow",
        content: [{ ...cell("tableHeader", "Verdict"), attrs: { colspan: 2, rowspan: 1, align: "center" } }],
      },
      {
        type: "tableRow",
        content: [
          cell("tableHeader", "Act"),
          {
            ...cell("tableCell", "Retrain"),
            content: [paragraph(...words("Retrain")), paragraph(...words("and tell us"))],
          },
        ],
      },
    ],
  },
];

const CARDS: Block[] = [
  { type: "previousIssue", attrs: { number: null, title: null, excerpt: null } },
  { type: "previousIssue", attrs: { number: 3, title: "Label noise, again", excerpt: "First.\n\nSecond." } },
  {
    type: "linkCard",
    attrs: {
      url: "https://example.net/piece?x=%22&y=2",
      title: 'A "quoted" piece & more',
      description: "Two lines\nof description.",
      siteName: "Example Net",
      author: "J. Pallas",
    },
  },
  {
    type: "linkCard",
    attrs: {
      url: "https://www.example.net/",
      title: "Bare",
      description: null,
      siteName: null,
      author: null,
    },
  },
  {
    type: "socialPost",
    attrs: {
      url: "https://social.example/@dvora/1",
      authorName: "Dvora Anand",
      handle: "dvora",
      text: "Shipped it.\n\nUnshipped it.\nBoth on a Friday.",
      date: "2026-10-02",
    },
  },
  {
    type: "videoCard",
    attrs: {
      url: "https://video.example/w/9",
      title: "Drift in four minutes",
      channel: "Small Models",
      duration: "4:05",
    },
  },
  {
    type: "videoCard",
    attrs: { url: "https://video.example/w/10", title: null, channel: null, duration: null },
  },
  { type: "divider" },
  { type: "heading", attrs: { level: 4 }, content: words("Numbers that live once") },
  paragraph(
    { type: "variable", attrs: { name: "publicationName" } },
    ...words(" costs "),
    { type: "variable", attrs: { name: "price" } },
    ...words(" after "),
    { type: "variable", attrs: { name: "trialLength" }, marks: [{ type: "bold" }] },
    ...words("."),
  ),
  { type: "upgradeButton", attrs: { label: null } },
  { type: "upgradeButton", attrs: { label: "Read on" } },
];

const PICKS: Block = {
  type: "picks",
  content: [
    {
      type: "pick",
      attrs: {
        url: "https://example.com/flaky",
        title: "A field guide to flaky evaluations",
        author: "Ines Okafor",
      },
      content: [...words("Why a score that moves is not a "), marked("score", "italic"), ...words(".")],
    },
    { type: "paywall" },
    {
      type: "pick",
      attrs: { url: "https://example.org/index", title: "Notes on a small index", author: null },
    },
  ],
};

export const EVERY_NODE: Document = { type: "doc", content: [...OPENING, ...TABLES, ...CARDS, PICKS] };

export function paragraph(...content: Inline[]): Extract<Block, { type: "paragraph" }> {
  return { type: "paragraph", content };
}

export function words(text: string): Inline[] {
  return [{ type: "text", text }];
}

type FootnoteContent = Extract<Inline, { type: "footnote" }>["attrs"]["content"];

function noteWords(text: string): FootnoteContent {
  return [{ type: "text", text }];
}

function marked(
  text: string,
  type: "bold" | "italic" | "strike" | "code" | "subscript" | "superscript",
): Inline {
  return { type: "text", text, marks: [{ type }] };
}

function link(href: string) {
  return { type: "link" as const, attrs: { href } };
}

function item(...content: Block[]) {
  return { type: "listItem" as const, content };
}

function cell(type: TableCell["type"], text: string, align: TableCell["attrs"]["align"] = null): TableCell {
  return { type, attrs: { colspan: 1, rowspan: 1, align }, content: [paragraph(...words(text))] };
}
