import { Node } from "@tiptap/core";
import type { DOMOutputSpec, Node as DocumentNode } from "@tiptap/pm/model";
import { dateWords, plainParagraphs, postAuthor, siteOf } from "@/lib/issues/document/format";
import { carriedRule, carry, documentAttributes } from "./carried";
import type { Attributes } from "./checked";
import type { Surroundings } from "./surroundings";

type Card = {
  name: string;
  group?: string;
  defaults?: Attributes;
  className: string;
  tag?: string;
  // biome-ignore lint/suspicious/noExplicitAny: ProseMirror's attributes have no type; the schema checks them.
  draw: (attrs: Record<string, any>) => DOMOutputSpec[];
};

/** A block without text of its own: drawn from its attributes, selected whole, changed in its form. */
function card({ name, group = "block", defaults = {}, className, tag = "aside", draw }: Card) {
  return Node.create({
    name,
    group,
    atom: true,
    draggable: true,
    addAttributes: () => documentAttributes(defaults),
    parseHTML: () => [
      Object.keys(defaults).length > 0 ? carriedRule(name) : { tag: `[data-block="${name}"]`, priority: 100 },
    ],
    renderHTML: ({ node }: { node: DocumentNode }) => [
      tag,
      { class: `editor-card ${className}`, ...carry(name, node.attrs) },
      ...draw(node.attrs),
    ],
  });
}

const line = (className: string, words: unknown): DOMOutputSpec => [
  "p",
  { class: className },
  String(words ?? ""),
];
const lineIf = (className: string, words: unknown): DOMOutputSpec[] =>
  words ? [line(className, words)] : [];

function site(url: string): string {
  return URL.canParse(url) ? siteOf(url) : url;
}

function postBody(text: string): DOMOutputSpec {
  const paragraphs = plainParagraphs(text).map((lines): DOMOutputSpec => ["p", {}, lines.join(" / ")]);
  return ["blockquote", {}, ...paragraphs];
}

export function cards({ snippets, issues }: Surroundings) {
  const titleOf = new Map(snippets.map(({ name, title }) => [name, title]));
  const titleOfIssue = new Map(issues.map(({ number, title }) => [number, title]));
  return [
    card({
      name: "paywall",
      group: "paywall",
      className: "editor-paywall",
      tag: "div",
      draw: () => [line("editor-paywall-words", "Paywall: from here on for members")],
    }),
    card({
      name: "subscribeBox",
      defaults: { caption: null },
      className: "issue-subscribe",
      draw: ({ caption }) => [
        ...lineIf("", caption),
        line("issue-card-kicker", "Sign-up form, for strangers"),
      ],
    }),
    card({
      name: "upgradeButton",
      defaults: { label: null },
      className: "issue-upgrade",
      tag: "div",
      draw: ({ label }) => [
        ["span", {}, label ?? "Start a free trial"],
        line("issue-card-kicker", "Button, for those who are no members"),
      ],
    }),
    card({
      name: "previousIssue",
      defaults: { number: null, title: null, excerpt: null },
      className: "issue-card",
      draw: ({ number, title, excerpt }) => [
        line("issue-card-kicker", number ? `Issue ${number}` : "The issue before this one"),
        line("issue-card-title", title ?? titleOfIssue.get(number) ?? "Its own title"),
        ...lineIf("issue-card-text", excerpt),
      ],
    }),
    card({
      name: "linkCard",
      defaults: { url: "", title: "", description: null, siteName: null, author: null },
      className: "issue-card",
      draw: ({ url, title, description, siteName, author }) => [
        line("issue-card-kicker", [siteName ?? site(url), author].filter(Boolean).join(" · ")),
        line("issue-card-title", title),
        ...lineIf("issue-card-text", description),
      ],
    }),
    card({
      name: "videoCard",
      defaults: { url: "", title: null, channel: null, duration: null },
      className: "issue-card issue-card-video",
      draw: ({ url, title, channel, duration }) => [
        line("issue-card-kicker", [channel ?? site(url), duration].filter(Boolean).join(" · ")),
        line("issue-card-title", title ?? `Watch on ${site(url)}`),
      ],
    }),
    card({
      name: "socialPost",
      defaults: { url: "", authorName: "", handle: null, text: "", date: null },
      className: "issue-post",
      tag: "figure",
      draw: ({ authorName, handle, text, date }) => [
        postBody(text),
        [
          "figcaption",
          {},
          [postAuthor({ authorName, handle }), date && dateWords(date, "en")].filter(Boolean).join(", "),
        ],
      ],
    }),
    card({
      name: "snippet",
      defaults: { name: "" },
      className: "editor-snippet",
      tag: "div",
      draw: ({ name }) => [
        line("issue-card-kicker", titleOf.has(name) ? "Snippet" : "Snippet that does not exist"),
        line("issue-card-title", titleOf.get(name) ?? name),
      ],
    }),
  ];
}
