import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type Document, parseDocument, VARIABLES } from "@/lib/issues/document/schema";
import { readSampleIssues, readSamplePictures, readSampleSnippets } from "./sample-issues";

const pictures = new Map((await readSamplePictures()).map(({ path }) => [path, `/media/${path.slice(7)}`]));
const issues = await readSampleIssues(pictures);
const snippets = readSampleSnippets();
const documents: Document[] = [
  ...issues.map(({ document }) => document),
  ...snippets.map(({ body }) => body),
];

/** Every `type` below a value: nodes, marks, and what footnotes carry. */
function collect(value: unknown, key: string, found: Set<string>): Set<string> {
  if (typeof value !== "object" || value === null) return found;
  for (const [name, child] of Object.entries(value)) {
    if (name === key && typeof child === "string") found.add(child);
    else collect(child, key, found);
  }
  return found;
}

function attributesOf(type: string, value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  const node = value as { type?: unknown; attrs?: Record<string, unknown> };
  const own = node.type === type ? [node.attrs ?? {}] : [];
  return [...own, ...Object.values(value).flatMap((child) => attributesOf(type, child))];
}

describe("the sample publication", () => {
  test("every issue and snippet is read without a note", () => {
    expect([...issues, ...snippets].flatMap(({ notes }) => notes)).toEqual([]);
  });

  test("every document is valid", () => {
    for (const document of documents) expect(parseDocument(document)).toEqual({ ok: true, document });
  });

  test("together the issues use every node and mark that the schema names", async () => {
    const schema = await readFile(new URL("../../lib/issues/document/schema.ts", import.meta.url), "utf8");
    const named = new Set(
      Array.from(
        schema.matchAll(/type: z\.(?:literal|enum)\(\[?([^\])]*)/g),
        ([, names]) => names ?? "",
      ).flatMap((names) => Array.from(names.matchAll(/"(\w+)"/g), ([, name]) => name ?? "")),
    );
    const used = collect(documents, "type", new Set());
    expect(named.size).toBeGreaterThan(30);
    expect([...named].filter((name) => !used.has(name))).toEqual([]);
  });

  test("together they use every variable, and each callout", () => {
    expect(new Set(attributesOf("variable", documents).map(({ name }) => name))).toEqual(new Set(VARIABLES));
    expect(new Set(attributesOf("callout", documents).map(({ kind }) => kind))).toEqual(
      new Set(["note", "tip", "warning"]),
    );
  });

  test("mentions come with a link and without one", () => {
    const links = attributesOf("mention", documents).map(({ url }) => url === null);
    expect(links).toContain(true);
    expect(links).toContain(false);
  });

  test("seven are published on successive Fridays and the eighth is a draft for the next", () => {
    expect(issues.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(issues.map(({ state }) => state)).toEqual([...Array<string>(7).fill("PUBLISHED"), "DRAFT"]);
    expect(issues.at(6)?.date).toBe("2026-11-20");
    const days = issues.map(({ date }) => Date.parse(date) / 86_400_000);
    expect(days.slice(1).map((day, index) => day - (days[index] ?? 0))).toEqual(Array(7).fill(7));
    expect(new Date("2026-11-20").getUTCDay()).toBe(5);
  });

  test("four are open to everyone and three have a paywall, one of them between two picks", () => {
    const published = issues.slice(0, 7);
    const walled = published.filter(({ document }) => JSON.stringify(document).includes('"paywall"'));
    expect(published.filter(({ audience }) => audience === "EVERYONE")).toHaveLength(4);
    expect(walled.map(({ audience }) => audience)).toEqual(["MEMBERS", "MEMBERS", "MEMBERS"]);
    const betweenPicks = walled.filter(({ document }) =>
      document.content.every(({ type }) => type !== "paywall"),
    );
    expect(betweenPicks).toHaveLength(1);
  });

  test("every published issue has between 500 and 900 words", () => {
    for (const { slug, document } of issues.slice(0, 7)) {
      const words = textOf(document).split(/\s+/).length;
      expect(words, slug).toBeGreaterThanOrEqual(500);
      expect(words, slug).toBeLessThanOrEqual(900);
    }
  });

  test("every link leads to a reserved name and every picture is one of ours", () => {
    const links = JSON.stringify(documents).matchAll(/https?:\/\/([^/"]+)/g);
    for (const [, host] of links) expect(host).toMatch(/(^|\.)example\.(com|org|net)$/);
    const shown = attributesOf("figure", documents).map(({ src }) => src);
    expect(new Set(shown)).toEqual(new Set(pictures.values()));
  });
});

/** The words of prose: of text nodes, not of code. */
function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const node = value as { type?: unknown; text?: unknown };
  if (node.type === "codeBlock") return " ";
  if (typeof node.text === "string") return node.text;
  return Object.values(value)
    .map(textOf)
    .join(node.type === "paragraph" || Array.isArray(value) ? "" : " ");
}
