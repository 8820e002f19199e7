/**
 * Starts and saves issues. A save names the version it began from and is refused when another tab saved in between,
 * so no word is overwritten unseen. Never touches what was already mailed; an edit of a published issue changes the
 * web page and is always kept as a revision.
 */
import type { Database, Transaction } from "@/lib/db";
import { DomainError } from "@/lib/errors";
import { listSnippetNames } from "@/lib/publication/queries";
import type { Issue, Prisma } from "@/prisma/generated/client";
import { type Document, parseDocument } from "./document/schema";
import { keepRevision } from "./revisions";
import { saveRequest } from "./schema";
import { searchableText } from "./searchable-text";
import { CLOSING_SNIPPET, OPENING_SNIPPET } from "./snippets/schema";
import { readStoredDocument } from "./stored-document";

/** An empty draft with the next number; it opens with the publication's intro and closes with its sign-off. */
export async function startIssue(db: Database): Promise<{ id: string; number: number }> {
  return db.$transaction(async (tx) => {
    const highest = await tx.issue.aggregate({ _max: { number: true } });
    const number = (highest._max.number ?? 0) + 1;
    const snippets = await listSnippetNames(tx);
    const named = (name: string) =>
      snippets.has(name) ? [{ type: "snippet" as const, attrs: { name } }] : [];
    const body: Document = {
      type: "doc",
      content: [...named(OPENING_SNIPPET), { type: "paragraph" }, ...named(CLOSING_SNIPPET)],
    };
    const issue = await tx.issue.create({
      data: { number, slug: await freeSlug(tx, `issue-${number}`), body },
      select: { id: true },
    });
    return { id: issue.id, number };
  });
}

/** `isPublic` tells whether readers see the change, so that stored pages can be drawn anew. */
export type SavedIssue = { version: number; savedAt: Date; slug: string; isPublic: boolean };

/**
 * Saves changed fields where the issue still has the version named. Throws INVALID (with fields), NOT_FOUND, or
 * CONFLICT when somebody saved in between: then nothing was written.
 */
export async function saveIssue(db: Database, request: unknown, { now }: { now: Date }): Promise<SavedIssue> {
  const parsed = saveRequest.safeParse(request);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const { issueId, version, changes, keepsReplaced } = parsed.data;
  const { body, ...fields } = changes;
  const document = body === undefined ? null : checkedDocument(body);
  const data = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return db.$transaction(async (tx) => {
    const current = await tx.issue.findUnique({ where: { id: issueId } });
    if (!current) throw new DomainError("NOT_FOUND", "This issue is gone.");
    if (current.version !== version) throw changedElsewhere(current);
    await refuseTaken(tx, current, { slug: changes.slug, number: changes.number });
    const isPublic = current.state === "PUBLISHED";
    await keepRevision(tx, current, {
      now,
      always: keepsReplaced === true || (isPublic && document !== null),
    });
    const next = {
      audience: changes.audience ?? current.audience,
      body: document ?? readStoredDocument(current.body),
    };
    const { count } = await tx.issue.updateMany({
      where: { id: issueId, version },
      data: {
        ...data,
        ...(document ? { body: document as Prisma.InputJsonValue } : {}),
        teaserText: searchableText(next.body, next.audience),
        version: version + 1,
      },
    });
    if (count === 0) throw changedElsewhere(await tx.issue.findUniqueOrThrow({ where: { id: issueId } }));
    return { version: version + 1, savedAt: now, slug: changes.slug ?? current.slug, isPublic };
  });
}

/** Removes a draft for good. Refused once it was scheduled or published. */
export async function deleteDraft(db: Database, issueId: string): Promise<void> {
  const { count } = await db.issue.deleteMany({
    where: { id: issueId, state: "DRAFT", audienceFrozenAt: null },
  });
  if (count === 0) throw new DomainError("CONFLICT", "Only a draft that was never sent can be deleted.");
}

/** `wanted`, or with `-2`, `-3` … behind it where that address is taken. */
export async function freeSlug(tx: Transaction, wanted: string): Promise<string> {
  const taken = new Set(
    (await tx.issue.findMany({ where: { slug: { startsWith: wanted } }, select: { slug: true } })).map(
      (row) => row.slug,
    ),
  );
  for (let suffix = 1; ; suffix += 1) {
    const slug = suffix === 1 ? wanted : `${wanted}-${suffix}`;
    if (!taken.has(slug)) return slug;
  }
}

function checkedDocument(body: unknown): Document {
  const parsed = parseDocument(body);
  if (parsed.ok) return parsed.document;
  const first = parsed.problems[0];
  throw new DomainError(
    "INVALID",
    `A part of the text cannot be saved: ${first?.message ?? "unknown form"}.`,
    {
      fields: { body: parsed.problems.map((problem) => `${problem.path}: ${problem.message}`).join("\n") },
    },
  );
}

function invalid(issues: readonly { path: PropertyKey[]; message: string }[]): DomainError {
  const fields = Object.fromEntries(issues.map((issue) => [String(issue.path.at(-1) ?? ""), issue.message]));
  return new DomainError("INVALID", issues[0]?.message ?? "Some fields need another look.", { fields });
}

function changedElsewhere(current: Issue): DomainError {
  return new DomainError(
    "CONFLICT",
    "This issue was saved from another tab or device since you opened it here. Nothing was overwritten.",
    { fields: { version: String(current.version) } },
  );
}

async function refuseTaken(
  tx: Transaction,
  current: Issue,
  wanted: { slug: string | undefined; number: number | null | undefined },
): Promise<void> {
  const { slug, number } = wanted;
  if (slug !== undefined && slug !== current.slug) {
    const other = await tx.issue.findUnique({ where: { slug }, select: { title: true } });
    if (other) {
      throw new DomainError("INVALID", `“${other.title || "Another issue"}” has this address already.`, {
        fields: { slug: "This address is taken. Choose another." },
      });
    }
  }
  if (typeof number === "number" && number !== current.number) {
    const other = await tx.issue.findUnique({ where: { number }, select: { title: true } });
    if (other) {
      throw new DomainError("INVALID", `“${other.title || "Another issue"}” has number ${number} already.`, {
        fields: { number: "This number is taken. Choose another." },
      });
    }
  }
}
