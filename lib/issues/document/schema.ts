import { z } from "zod";

/**
 * The body of an issue: a ProseMirror document (the JSON that Tiptap edits), checked node by node.
 * Everything that enters, from the editor, an import or the database, passes `parseDocument`; nothing else is
 * ever rendered, and no node carries HTML.
 */

export const DOCUMENT_LIMITS = { characters: 1_000_000, nodes: 20_000, depth: 24 } as const;

const UNSAFE_URL_CHARACTERS = /[\p{Cc}\s\\]/u;

/** True for absolute http(s) and mailto links, for paths on this site and for anchors in the issue. */
export function isSafeUrl(value: string): boolean {
  if (value.length > 2_000 || UNSAFE_URL_CHARACTERS.test(value)) return false;
  if (/^#[^\s]*$/.test(value)) return true;
  if (/^\/(?!\/)/.test(value)) return true;
  return /^(https?:\/\/[^/]|mailto:[^@]+@)/i.test(value) && URL.canParse(value);
}

const url = z.string().refine(isSafeUrl, "Write a whole link, such as https://example.com/page");
const webUrl = url.refine((value) => /^https?:/i.test(value), "Write a link that begins with https://");
/** Where a picture lies: the site's own media folder, or another site over https. */
const imageUrl = url.refine(
  (value) => value.startsWith("/media/") || /^https:/i.test(value),
  "A picture is uploaded here or linked by https",
);
const line = z.string().max(1_000);
const paragraphOfText = z.string().max(5_000);

const mark = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("bold") }),
  z.strictObject({ type: z.literal("italic") }),
  z.strictObject({ type: z.literal("strike") }),
  z.strictObject({ type: z.literal("code") }),
  z.strictObject({ type: z.literal("subscript") }),
  z.strictObject({ type: z.literal("superscript") }),
  z.strictObject({ type: z.literal("link"), attrs: z.strictObject({ href: url }) }),
]);
export type Mark = z.infer<typeof mark>;

const text = z.strictObject({
  type: z.literal("text"),
  text: z.string().min(1),
  marks: z.array(mark).optional(),
});
const hardBreak = z.strictObject({ type: z.literal("hardBreak"), marks: z.array(mark).optional() });
const mathInline = z.strictObject({
  type: z.literal("mathInline"),
  attrs: z.strictObject({ tex: z.string().min(1).max(2_000) }),
  marks: z.array(mark).optional(),
});

export const VARIABLES = ["price", "trialLength", "subscriberCount", "publicationName"] as const;
export type VariableName = (typeof VARIABLES)[number];
const variable = z.strictObject({
  type: z.literal("variable"),
  attrs: z.strictObject({ name: z.enum(VARIABLES) }),
  marks: z.array(mark).optional(),
});
/** A person named in the text; `url` is null where only the name is known. */
const mention = z.strictObject({
  type: z.literal("mention"),
  attrs: z.strictObject({ name: line.min(1), url: webUrl.nullable() }),
  marks: z.array(mark).optional(),
});

const footnoteContent = z.discriminatedUnion("type", [text, hardBreak, mathInline, variable, mention]);
/** A footnote stands in the text where its number does and carries its words; numbers are given in reading order. */
const footnote = z.strictObject({
  type: z.literal("footnote"),
  attrs: z.strictObject({ content: z.array(footnoteContent).min(1) }),
  marks: z.array(mark).optional(),
});

const inline = z.discriminatedUnion("type", [text, hardBreak, mathInline, variable, mention, footnote]);
export type Inline = z.infer<typeof inline>;
const inlines = z.array(inline).optional();

const paragraph = z.strictObject({ type: z.literal("paragraph"), content: inlines });
const heading = z.strictObject({
  type: z.literal("heading"),
  attrs: z.strictObject({ level: z.union([z.literal(2), z.literal(3), z.literal(4)]) }),
  content: inlines,
});
/** The caption is the content; `alt` says what the picture shows, empty only for decoration. */
const figure = z.strictObject({
  type: z.literal("figure"),
  attrs: z.strictObject({
    src: imageUrl,
    alt: line,
    width: z.number().int().positive().max(20_000).nullable(),
    height: z.number().int().positive().max(20_000).nullable(),
  }),
  content: inlines,
});
/** `markedLines` counts from 1, as in `2,5-7`. */
const codeBlock = z.strictObject({
  type: z.literal("codeBlock"),
  attrs: z.strictObject({
    language: z.string().max(40).nullable(),
    fileName: line.nullable(),
    markedLines: z
      .string()
      .regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/, "Write lines as 2,5-7")
      .max(200)
      .nullable(),
  }),
  content: z
    .array(z.strictObject({ type: z.literal("text"), text: z.string().min(1) }))
    .max(1)
    .optional(),
});
const mathBlock = z.strictObject({
  type: z.literal("mathBlock"),
  attrs: z.strictObject({ tex: z.string().min(1).max(10_000) }),
});
const divider = z.strictObject({ type: z.literal("divider") });
const subscribeBox = z.strictObject({
  type: z.literal("subscribeBox"),
  attrs: z.strictObject({ caption: line.nullable() }),
});
const upgradeButton = z.strictObject({
  type: z.literal("upgradeButton"),
  attrs: z.strictObject({ label: line.nullable() }),
});
/** Ends the teaser. At most one in a document: at the top level, or between two picks. */
const paywall = z.strictObject({ type: z.literal("paywall") });
/** A recommended piece; the content is its one-paragraph summary. */
const pick = z.strictObject({
  type: z.literal("pick"),
  attrs: z.strictObject({ url: webUrl, title: line.min(1), author: line.nullable() }),
  content: inlines,
});
const picks = z.strictObject({
  type: z.literal("picks"),
  content: z.array(z.discriminatedUnion("type", [pick, paywall])).min(1),
});
/** `number` null means the issue before this one; a title or excerpt written here replaces that issue's own. */
const previousIssue = z.strictObject({
  type: z.literal("previousIssue"),
  attrs: z.strictObject({
    number: z.number().int().positive().nullable(),
    title: line.nullable(),
    excerpt: paragraphOfText.nullable(),
  }),
});
const linkCard = z.strictObject({
  type: z.literal("linkCard"),
  attrs: z.strictObject({
    url: webUrl,
    title: line.min(1),
    description: paragraphOfText.nullable(),
    siteName: line.nullable(),
    author: line.nullable(),
  }),
});
/** A post from a social network, quoted in words so that it outlives the network. `date` is ISO 8601. */
const socialPost = z.strictObject({
  type: z.literal("socialPost"),
  attrs: z.strictObject({
    url: webUrl,
    authorName: line.min(1),
    handle: line.nullable(),
    text: paragraphOfText.min(1),
    date: line.nullable(),
  }),
});
const videoCard = z.strictObject({
  type: z.literal("videoCard"),
  attrs: z.strictObject({
    url: webUrl,
    title: line.nullable(),
    channel: line.nullable(),
    duration: line.nullable(),
  }),
});
export const SNIPPET_NAME = /^[a-z0-9][a-z0-9-]{0,59}$/;
/** A reusable piece of text (intro, sign-off), kept beside the issues under this name. */
const snippet = z.strictObject({
  type: z.literal("snippet"),
  attrs: z.strictObject({ name: z.string().regex(SNIPPET_NAME) }),
});

export const CALLOUT_KINDS = ["note", "tip", "warning"] as const;
export type CalloutKind = (typeof CALLOUT_KINDS)[number];

export type ListItem = { type: "listItem"; content: Block[] };
export type TableCell = {
  type: "tableHeader" | "tableCell";
  attrs: { colspan: number; rowspan: number; align: "left" | "center" | "right" | null };
  content: Block[];
};
export type TableRow = { type: "tableRow"; content: TableCell[] };

const blocks: z.ZodType<Block[]> = z.lazy(() => z.array(block).min(1));

const blockquote = z.strictObject({ type: z.literal("blockquote"), content: blocks });
const callout = z.strictObject({
  type: z.literal("callout"),
  attrs: z.strictObject({ kind: z.enum(CALLOUT_KINDS), title: line.nullable() }),
  content: blocks,
});
const listItems = z.array(z.strictObject({ type: z.literal("listItem"), content: blocks })).min(1);
const bulletList = z.strictObject({ type: z.literal("bulletList"), content: listItems });
const orderedList = z.strictObject({
  type: z.literal("orderedList"),
  attrs: z.strictObject({ start: z.number().int().min(0) }),
  content: listItems,
});
const tableCell = z.strictObject({
  type: z.enum(["tableHeader", "tableCell"]),
  attrs: z.strictObject({
    colspan: z.number().int().min(1).max(100),
    rowspan: z.number().int().min(1).max(1_000),
    align: z.enum(["left", "center", "right"]).nullable(),
  }),
  content: blocks,
});
const tableRow = z.strictObject({ type: z.literal("tableRow"), content: z.array(tableCell).min(1) });
const table = z.strictObject({ type: z.literal("table"), content: z.array(tableRow).min(1) });

type LeafBlock = z.infer<
  | typeof paragraph
  | typeof heading
  | typeof figure
  | typeof codeBlock
  | typeof mathBlock
  | typeof divider
  | typeof subscribeBox
  | typeof upgradeButton
  | typeof picks
  | typeof previousIssue
  | typeof linkCard
  | typeof socialPost
  | typeof videoCard
  | typeof snippet
>;
/** Written out, because a type cannot be inferred from a schema that holds itself. */
type Container =
  | { type: "blockquote"; content: Block[] }
  | { type: "callout"; attrs: { kind: CalloutKind; title: string | null }; content: Block[] }
  | { type: "bulletList"; content: ListItem[] }
  | { type: "orderedList"; attrs: { start: number }; content: ListItem[] }
  | { type: "table"; content: TableRow[] };
export type Block = LeafBlock | Container;
export type Paywall = z.infer<typeof paywall>;
export type Pick = z.infer<typeof pick>;

const blockOptions = [
  paragraph,
  heading,
  figure,
  codeBlock,
  mathBlock,
  divider,
  subscribeBox,
  upgradeButton,
  picks,
  previousIssue,
  linkCard,
  socialPost,
  videoCard,
  snippet,
  blockquote,
  callout,
  bulletList,
  orderedList,
  table,
] as const;
const block = z.discriminatedUnion("type", blockOptions);
const topBlock = z.discriminatedUnion("type", [...blockOptions, paywall]);

const documentShape = z
  .strictObject({ type: z.literal("doc"), content: z.array(topBlock) })
  .refine((document) => countPaywalls(document) <= 1, "An issue has one paywall at the most");
export type Document = z.infer<typeof documentShape>;

function countPaywalls(document: { content: { type: string; content?: unknown }[] }): number {
  return document.content.reduce((count, node) => {
    if (node.type === "paywall") return count + 1;
    if (node.type !== "picks" || !Array.isArray(node.content)) return count;
    return count + node.content.filter((entry: { type: string }) => entry.type === "paywall").length;
  }, 0);
}

export type DocumentProblem = { path: string; message: string };
export type ParsedDocument = { ok: true; document: Document } | { ok: false; problems: DocumentProblem[] };

/**
 * Checks anything against the document's shape and limits. Never throws; on failure each problem names its place,
 * as in `content.3.attrs.url`.
 */
export function parseDocument(value: unknown): ParsedDocument {
  const tooLarge = exceedsLimits(value);
  if (tooLarge) return { ok: false, problems: [{ path: "", message: tooLarge }] };
  const result = documentShape.safeParse(value);
  if (result.success) return { ok: true, document: result.data };
  const problems = result.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  return { ok: false, problems };
}

/** A node takes two levels of JSON: the object and its content array. */
const DEEPEST = DOCUMENT_LIMITS.depth * 2;

/** Whether a document, as JSON, is refused for its depth. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth > DEEPEST || Object.values(value).some((child) => isTooDeep(child, depth + 1));
}

/** Measured before Zod walks the tree, so that a hostile one is refused cheaply. */
function exceedsLimits(value: unknown): string | null {
  let nodes = 0;
  let characters = 0;
  const pending: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (typeof next.value === "string") characters += next.value.length;
    if (characters > DOCUMENT_LIMITS.characters) return "The issue is too long";
    if (typeof next.value !== "object" || next.value === null) continue;
    if (next.depth > DEEPEST) return "The issue is nested too deeply";
    nodes += 1;
    if (nodes > DOCUMENT_LIMITS.nodes * 3) return "The issue has too many parts";
    for (const child of Object.values(next.value)) pending.push({ value: child, depth: next.depth + 1 });
  }
  return null;
}

export const EMPTY_DOCUMENT: Document = { type: "doc", content: [{ type: "paragraph" }] };
