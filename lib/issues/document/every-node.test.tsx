import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { contextFor, EVERY_NODE } from "./document.fixture";
import { renderMailBody } from "./render-mail";
import { renderMarkdown } from "./render-markdown";
import { renderText } from "./render-text";
import { renderWeb } from "./render-web";
import { type Mark, parseDocument, VARIABLES } from "./schema";
import { type DocumentNode, nodesOf } from "./traverse";

type Traces = { web: string | null; mail: string | null; text: string | null; markdown: string };

/**
 * What each node leaves in each rendering of the fixture. TypeScript demands a line for every node of the schema;
 * null where a rendering shows nothing, on purpose.
 */
const TRACES: Record<DocumentNode["type"], Traces> = {
  text: {
    web: "read <a",
    mail: "Every score in a <strong>",
    text: "Every score in a",
    markdown: "Every score in a",
  },
  hardBreak: {
    web: "<br/>A new line",
    mail: "<br/>A new line",
    text: "\nA new line",
    markdown: "\\\nA new line",
  },
  mathInline: { web: "<math>", mail: "\\hat{y}", text: "\\hat{y}", markdown: "$\\hat{y}" },
  variable: { web: "2400+ people", mail: "2400+ people", text: "2400+ people", markdown: ":variable[price]" },
  mention: {
    web: 'href="https://example.org/ines"',
    mail: ">Ines Okafor<",
    text: "Ines Okafor [3]",
    markdown: ":mention[Tom]",
  },
  footnote: {
    web: 'id="note-1"',
    mail: "[1] Tom said it",
    text: "(note 1) Tom said it",
    markdown: "[^1]: Tom said it",
  },
  paragraph: {
    web: "<p>Nothing is urgent.</p>",
    mail: ">Nothing is urgent.</p>",
    text: "Nothing is urgent.",
    markdown: "Nothing is urgent.",
  },
  heading: {
    web: '<h2 id="what-drifts">',
    mail: "What drifts</h2>",
    text: "What drifts\n===========",
    markdown: "## What drifts",
  },
  figure: {
    web: '<img src="/media/psi-weeks.png" alt="PSI by week',
    mail: 'src="https://letters.example/media/psi-weeks.png"',
    text: "[Picture: PSI by week",
    markdown: "![PSI by week",
  },
  codeBlock: {
    web: "<pre><code>",
    mail: "<pre ",
    text: "    def psi(",
    markdown: "```py file=drift.py mark=3,5-6",
  },
  mathBlock: {
    web: 'display="block"',
    mail: "\\mathrm{PSI}",
    text: "    \\mathrm{PSI}",
    markdown: "$$\n\\mathrm{PSI}",
  },
  divider: { web: "<hr/>", mail: "<hr ", text: "* * *", markdown: "\n___\n" },
  subscribeBox: {
    web: "One letter each Friday",
    mail: "Was this mail forwarded to you?",
    text: "One letter each Friday",
    markdown: "::subscribe[One letter",
  },
  upgradeButton: {
    web: 'href="/join-here"',
    mail: "Start a 7-day free trial",
    text: "Start a 7-day free trial:",
    markdown: "::upgrade[Read on]",
  },
  paywall: { web: null, mail: null, text: null, markdown: "::paywall" },
  picks: { web: 'class="issue-picks"', mail: "A field guide", text: "- A field guide", markdown: ":::picks" },
  pick: {
    web: "by Ines Okafor",
    mail: "by Ines Okafor",
    text: "evaluations by Ines Okafor",
    markdown: '"Ines Okafor"): Why',
  },
  previousIssue: {
    web: 'href="/p/quantise-last"',
    mail: "https://letters.example/p/quantise-last",
    text: "Field Notes 11: Quantise last",
    markdown: "::previous-issue",
  },
  linkCard: {
    web: "Example Net · J. Pallas",
    mail: "Example Net · J. Pallas",
    text: "(Example Net, J. Pallas)",
    markdown: "::link-card{",
  },
  socialPost: {
    web: '<blockquote cite="https://social.example',
    mail: "Dvora Anand (@dvora)",
    text: "> -- Dvora Anand",
    markdown: ":::social-post{",
  },
  videoCard: {
    web: "Drift in four minutes",
    mail: "▶ Drift in four minutes",
    text: "Video: Drift in four minutes",
    markdown: "::video{",
  },
  snippet: {
    web: "From the workshop",
    mail: "From the workshop",
    text: "From the workshop",
    markdown: '::snippet{name="intro"}',
  },
  blockquote: {
    web: "<blockquote><p>A model",
    mail: "<blockquote",
    text: "> A model is a photograph",
    markdown: "> A model is a photograph",
  },
  callout: {
    web: "issue-callout-warning",
    mail: "Before you retrain",
    text: "| Warning: Before you retrain",
    markdown: ":::warning[Before you retrain]",
  },
  bulletList: {
    web: "<ul><li>",
    mail: "<ul style",
    text: "- Inputs\n- Labels",
    markdown: "- Inputs\n- Labels",
  },
  orderedList: { web: '<ol start="3">', mail: '<ol start="3"', text: "3. Measure", markdown: "3. Measure" },
  listItem: { web: "<li><p>Labels</p></li>", mail: ">Labels</li>", text: "- Labels", markdown: "- Labels" },
  table: {
    web: '<section class="issue-table" tabindex="0"',
    mail: "border-collapse:collapse",
    text: "Feature       |  PSI",
    markdown: "| Feature",
  },
  tableRow: {
    web: "</td></tr>",
    mail: "</td></tr>",
    text: "basket size   | 0.31",
    markdown: "| basket size",
  },
  tableHeader: { web: '<th scope="col"><p>Feature', mail: "<th ", text: "Feature", markdown: ":::header" },
  tableCell: {
    web: "<td><p>basket size",
    mail: ">basket size</td>",
    text: "0.31",
    markdown: ":::cell\nRetrain",
  },
};

const MARK_TRACES: Record<Mark["type"], Traces> = {
  bold: {
    web: "<strong>dashboard</strong>",
    mail: "<strong>dashboard</strong>",
    text: "a dashboard was",
    markdown: "**dashboard**",
  },
  italic: { web: "<em>true</em>", mail: "<em>true</em>", text: "true once", markdown: "*true*" },
  strike: { web: "<s>Always</s>", mail: "<s>Always</s>", text: "Always", markdown: "~~Always~~" },
  code: {
    web: "<code>np.histogram</code>",
    mail: ">np.histogram</code>",
    text: "np.histogram",
    markdown: "`np.histogram`",
  },
  subscript: { web: "H<sub>2</sub>O", mail: "H<sub>2</sub>O", text: "H2O", markdown: "H:sub[2]O" },
  superscript: { web: "x<sup>2</sup>.", mail: "x<sup>2</sup>.", text: "x2.", markdown: "x:sup[2]." },
  link: {
    web: '<a href="/archive">',
    mail: 'href="https://letters.example/archive"',
    text: "our archive [2]",
    markdown: "(/archive)",
  },
};

const stranger = contextFor("stranger");
const RENDERINGS = {
  web: renderToStaticMarkup(
    renderWeb(EVERY_NODE, stranger, { subscribeForm: "the form", upgradeHref: "/join-here" }),
  ),
  mail: renderToStaticMarkup(renderMailBody(EVERY_NODE, stranger)),
  text: renderText(EVERY_NODE, stranger),
  markdown: renderMarkdown(EVERY_NODE),
} as const;

describe("every node and mark in every rendering", () => {
  test("the fixture is a valid document", () => {
    expect(parseDocument(EVERY_NODE)).toMatchObject({ ok: true });
  });

  test("the fixture holds every node, mark and variable", () => {
    const nodes = [...nodesOf(EVERY_NODE)];
    const marks = nodes
      .flatMap((node) => ("marks" in node ? (node.marks ?? []) : []))
      .map((mark) => mark.type);
    const variables = nodes.flatMap((node) => (node.type === "variable" ? [node.attrs.name] : []));
    expect(new Set(nodes.map((node) => node.type))).toEqual(new Set(Object.keys(TRACES)));
    expect(new Set(marks)).toEqual(new Set(Object.keys(MARK_TRACES)));
    expect(VARIABLES.filter((name) => !variables.includes(name))).toEqual(["subscriberCount"]);
  });

  const cases = Object.entries({ ...TRACES, ...MARK_TRACES }).flatMap(([node, traces]) =>
    (["web", "mail", "text", "markdown"] as const).map((kind) => ({ node, kind, trace: traces[kind] })),
  );
  test.each(cases)("$node leaves its trace in $kind", ({ kind, trace }) => {
    if (trace === null) expect(RENDERINGS[kind]).not.toContain("paywall");
    else expect(RENDERINGS[kind]).toContain(trace);
  });
});
