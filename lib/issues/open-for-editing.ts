/**
 * An issue as the writing page opens it, and what its text may name. For authors alone: nothing here passes the
 * reader's gate. Reads only.
 */
import type { Database } from "@/lib/db";
import { getPublicationFacts, listSnippets } from "@/lib/publication/queries";
import type { IssueAudience, IssueKind, IssueState } from "@/prisma/generated/client";
import { type Document, VARIABLES, type VariableName } from "./document/schema";
import { variableWords } from "./document/wording";
import { readStoredDocument } from "./stored-document";

export type Manuscript = {
  issueId: string;
  version: number;
  title: string;
  subtitle: string;
  subject: string;
  preheader: string;
  slug: string;
  number: number | null;
  audience: IssueAudience;
  document: Document;
};
export type OpenIssue = {
  kind: IssueKind;
  state: IssueState;
  scheduledFor: Date | null;
  manuscript: Manuscript;
};

/** Null where the issue is gone. */
export async function openForEditing(db: Database, issueId: string): Promise<OpenIssue | null> {
  const issue = await db.issue.findUnique({ where: { id: issueId } });
  if (!issue) return null;
  const { kind, state, scheduledFor, version, title, subtitle, subject, preheader, slug, number, audience } =
    issue;
  const document = readStoredDocument(issue.body);
  return {
    kind,
    state,
    scheduledFor,
    manuscript: {
      issueId,
      version,
      title,
      subtitle,
      subject,
      preheader,
      slug,
      number,
      audience,
      document,
    },
  };
}

export type Nameable = {
  snippets: { name: string; title: string }[];
  /** Published and numbered issues, newest first. */
  issues: { number: number; title: string }[];
  variables: Record<VariableName, string>;
};

/** What a text can name: the snippets and published issues that exist, and what each variable says now. */
export async function listNameable(db: Database): Promise<Nameable> {
  const [snippets, rows, facts] = await Promise.all([
    listSnippets(db),
    db.issue.findMany({
      where: { kind: "ISSUE", state: "PUBLISHED", number: { not: null } },
      orderBy: { number: "desc" },
      select: { number: true, title: true },
    }),
    getPublicationFacts(db),
  ]);
  const variables = Object.fromEntries(VARIABLES.map((name) => [name, variableWords(name, facts)]));
  return {
    snippets: snippets.map(({ name, title }) => ({ name, title })),
    issues: rows.flatMap(({ number, title }) => (number === null ? [] : [{ number, title }])),
    variables: variables as Record<VariableName, string>,
  };
}
