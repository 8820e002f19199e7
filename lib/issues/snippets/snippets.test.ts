import { describe, expect, it } from "vitest";
import type { Database } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { listSnippetNames } from "@/lib/publication/queries";
import { createIssue, createPublication, createPublishedIssue } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { documentFromMarkdown } from "../document/import/markdown";
import { renderMarkdown } from "../document/render-markdown";
import type { Document } from "../document/schema";
import { startIssue } from "../edit";
import { deleteSnippet, restoreSnippet } from "./delete-snippet";
import { previewSnippet } from "./preview-snippet";
import { getSnippet, listDeletedSnippets, listSnippetsOnDesk } from "./queries";
import { createSnippet, saveSnippet } from "./save-snippet";
import { newSnippet } from "./schema";
import { snippetDocument } from "./snippet-document";

const database = useTestDatabase({ emptyEachTime: true });
const now = new Date("2026-11-20T09:00:00Z");

const written = (markdown: string) => documentFromMarkdown(markdown).document;
const make = (name: string, markdown = "Words of the *snippet*.") =>
  createSnippet(database.db, { name, title: `Title of ${name}`, body: written(markdown) });
const wordsOf = async (name: string) => {
  const snippet = await getSnippet(database.db, name);
  return snippet && renderMarkdown(snippet.document);
};

/** Names the snippet in a quotation, next to a text that only looks like one. */
const naming = (name: string): Document => ({
  type: "doc",
  content: [
    { type: "paragraph", content: [{ type: "text", text: '{"type":"snippet","attrs":{"name":"other"}}' }] },
    { type: "blockquote", content: [{ type: "snippet", attrs: { name } }] },
    { type: "snippet", attrs: { name } },
  ],
});

async function refusal(promise: Promise<unknown>): Promise<DomainError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DomainError) return error;
  throw error ?? new Error("It was not refused.");
}

describe("the text of a snippet", () => {
  it.each([
    ["a paywall", "Free.\n\n::paywall\n\nPaid.", "paywall"],
    [
      "a paywall between picks",
      ":::picks\n- [One](https://one.example) by Ann\n\n  First.\n\n::paywall\n:::\n",
      "paywall",
    ],
    ["another snippet", "Hello.\n\n::snippet{name=intro}", "another snippet"],
    ["another snippet in a quotation", "> ::snippet{name=intro}", "another snippet"],
    ["nothing but space", " \n\n ", "empty"],
    ["more than it may have", "word ".repeat(2_001), "5 too many"],
  ])("is refused with %s", (_name, markdown, words) => {
    expect(() => snippetDocument(written(markdown))).toThrow(words);
  });

  it.each([
    ["no document", "Words"],
    ["an unknown block", { type: "doc", content: [{ type: "marquee" }] }],
    ["nothing", undefined],
  ])("is refused where it is %s", (_name, body) => {
    expect(() => snippetDocument(body)).toThrow("cannot be saved");
  });

  it("is kept without the empty lines at its ends", () => {
    const empty = { type: "paragraph" };
    const { content } = written("One.\n\nTwo.");
    const body = { type: "doc", content: [empty, ...content.slice(0, 1), empty, ...content.slice(1), empty] };
    expect(snippetDocument(body).content).toEqual([content[0], empty, content[1]]);
  });
});

describe("a name", () => {
  it.each(["new", "Intro", "two words", "-dash", "", "ä", "x".repeat(61)])("like %j is refused", (name) => {
    expect(newSnippet.safeParse({ name, title: "Title", body: written("Words") }).success).toBe(false);
  });

  it("that is taken is refused, and nothing changes", async () => {
    await make("sponsor");
    const error = await refusal(make("sponsor", "Other words."));
    expect([error.code, Object.keys(error.fields)]).toEqual(["INVALID", ["name"]]);
    expect(await wordsOf("sponsor")).toBe("Words of the *snippet*.\n");
  });

  it("of a deleted snippet is free again", async () => {
    await make("sponsor");
    await deleteSnippet(database.db, "sponsor", { now });
    const { version } = await make("sponsor", "New words.");
    expect(await wordsOf("sponsor")).toBe("New words.\n");
    expect((await getSnippet(database.db, "sponsor"))?.version).toBe(version);
    expect(await listDeletedSnippets(database.db)).toEqual([]);
  });

  it("belongs to one of two that come at once", async () => {
    const results = await Promise.allSettled([make("sponsor", "One."), make("sponsor", "Two.")]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("a save", () => {
  it("is refused from a tab that knows an older version, and shows what is there", async () => {
    const { version } = await make("sponsor");
    const edit = { name: "sponsor", version, title: "First tab" };
    const first = await saveSnippet(database.db, { ...edit, body: written("First.") });
    expect(first.version).toBe(version + 1);
    const error = await refusal(
      saveSnippet(database.db, { ...edit, title: "Second tab", body: written("Second.") }),
    );
    expect([error.code, error.fields]).toEqual([
      "CONFLICT",
      { version: String(first.version), theirTitle: "First tab", theirMarkdown: "First.\n" },
    ]);
    expect((await getSnippet(database.db, "sponsor"))?.title).toBe("First tab");
    await saveSnippet(database.db, { ...edit, version: first.version, body: written("Second, on purpose.") });
    expect(await wordsOf("sponsor")).toBe("Second, on purpose.\n");
  });

  it("wins once of two at the same moment", async () => {
    const { version } = await make("sponsor");
    const results = await Promise.allSettled(
      ["One", "Two"].map((title) =>
        saveSnippet(database.db, { name: "sponsor", version, title, body: written(title) }),
      ),
    );
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("of a deleted snippet is refused, and does not bring it back", async () => {
    const { version } = await make("sponsor");
    await deleteSnippet(database.db, "sponsor", { now });
    for (const known of [version, version + 1]) {
      const edit = { name: "sponsor", version: known, title: "Late", body: written("Late.") };
      expect((await refusal(saveSnippet(database.db, edit))).code).toBe("NOT_FOUND");
    }
    expect(await getSnippet(database.db, "sponsor")).toBeNull();
  });
});

describe("the uses of a snippet", () => {
  it("are the issues that name it, once each, what waits first", async () => {
    await createPublication(database.db);
    await make("sponsor");
    await make("other");
    await createPublishedIssue(database.db, { title: "Out", body: naming("sponsor"), sendsMail: false });
    await createIssue(database.db, { title: "Draft", body: naming("sponsor") });
    const [other, sponsor] = await listSnippetsOnDesk(database.db);
    expect(other?.uses).toEqual([]);
    expect(sponsor?.uses).toMatchObject([
      { title: "Draft", state: "DRAFT", isWaiting: true },
      { title: "Out", state: "PUBLISHED", isWaiting: false },
    ]);
  });
});

describe("a deletion", () => {
  const waiting: [string, (db: Database) => Promise<unknown>][] = [
    ["a draft", (db) => createIssue(db, { title: "It waits", body: naming("sponsor") })],
    [
      "a scheduled issue",
      (db) =>
        createIssue(db, {
          title: "It waits",
          body: naming("sponsor"),
          state: "SCHEDULED",
          scheduledFor: now,
        }),
    ],
    [
      "an issue whose mail is still to be written",
      (db) =>
        createPublishedIssue(db, {
          title: "It waits",
          body: naming("sponsor"),
          sendsMail: true,
          audienceFrozenAt: null,
        }),
    ],
  ];

  it.each(waiting)("is refused while %s names it", async (_name, wait) => {
    await make("sponsor");
    await wait(database.db);
    const error = await refusal(deleteSnippet(database.db, "sponsor", { now }));
    expect([error.code, error.message]).toEqual(["CONFLICT", expect.stringContaining("“It waits”")]);
    expect(await getSnippet(database.db, "sponsor")).not.toBeNull();
  });

  it("takes it from lists, previews and new issues, and is undone whole", async () => {
    await createPublication(database.db);
    await make("intro");
    await createPublishedIssue(database.db, { body: naming("intro"), sendsMail: false });
    const before = await getSnippet(database.db, "intro");
    await deleteSnippet(database.db, "intro", { now });
    expect(await getSnippet(database.db, "intro")).toBeNull();
    expect(await previewSnippet(database.db, "intro", { now })).toBeNull();
    expect(await listSnippetsOnDesk(database.db)).toEqual([]);
    expect(await listSnippetNames(database.db)).toEqual(new Set());
    const { id } = await startIssue(database.db);
    const started = await database.db.issue.findUniqueOrThrow({ where: { id } });
    expect(started.body).toEqual({ type: "doc", content: [{ type: "paragraph" }] });

    expect(await listDeletedSnippets(database.db)).toEqual([{ name: "intro", title: "Title of intro" }]);
    await restoreSnippet(database.db, "intro");
    const after = await getSnippet(database.db, "intro");
    expect([after?.document, after?.title]).toEqual([before?.document, before?.title]);
  });

  it("done twice, or undone twice, is said and changes nothing", async () => {
    await make("sponsor");
    await deleteSnippet(database.db, "sponsor", { now });
    expect((await refusal(deleteSnippet(database.db, "sponsor", { now }))).code).toBe("NOT_FOUND");
    await restoreSnippet(database.db, "sponsor");
    expect((await refusal(restoreSnippet(database.db, "sponsor"))).code).toBe("NOT_FOUND");
    expect((await refusal(deleteSnippet(database.db, "unknown", { now }))).code).toBe("NOT_FOUND");
  });
});

it("a preview knows the publication's words and the card of the issue before", async () => {
  await createPublication(database.db);
  const { number } = await createPublishedIssue(database.db, { title: "Last week", number: 7 });
  await make("sponsor", "From :variable[publicationName].\n\n::previous-issue");
  const preview = await previewSnippet(database.db, "sponsor", { now });
  expect(preview?.context.issue.publication.publicationName).toBe("The Test Gazette");
  expect(preview?.context.issue.cards.get("previous")).toMatchObject({ title: "Last week", number });
});
