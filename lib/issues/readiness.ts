/** What stands between an issue and its readers. Pure: `stop` must be mended before it is scheduled, `look` is advice. */
import { listLinks } from "./document/list-links";
import { wordsOf } from "./document/reading";
import type { Document } from "./document/schema";
import { cutTeaser, membersPart } from "./document/teaser";
import { type DocumentNode, nodesOf } from "./document/traverse";
import { describeRemotePictures } from "./images/remote-pictures";
import { SLUG } from "./schema";

/** Where it is mended: a field of the writing page, its text, or the snippets. */
export type FindingPlace = "title" | "slug" | "audience" | "subject" | "preheader" | "text" | "snippets";

export type Finding = { level: "stop" | "look"; message: string; place: FindingPlace };

export type IssueToCheck = {
  title: string;
  subject: string;
  preheader: string;
  slug: string;
  audience: "EVERYONE" | "MEMBERS";
  document: Document;
  snippetNames: ReadonlySet<string>;
  /** Of published issues: what a card of an earlier issue can show. */
  publishedNumbers: ReadonlySet<number>;
};

const PLACEHOLDERS = /\b(TODO|TK|FIXME|lorem ipsum|XXX)\b/i;
const OWN_MACHINE = /^https?:\/\/(localhost|127\.|\[::1\]|0\.0\.0\.0)/i;
const LONGEST_SUBJECT = 90;

/** Stops first; each message once. */
export function checkReadiness(issue: IssueToCheck): Finding[] {
  const findings = [...checkFields(issue), ...checkWall(issue), ...checkText(issue)];
  const once = new Map(findings.map((finding) => [finding.message, finding]));
  return [...once.values()].sort((a, b) => Number(b.level === "stop") - Number(a.level === "stop"));
}

const stop = (place: FindingPlace, message: string): Finding => ({ level: "stop", place, message });
const look = (place: FindingPlace, message: string): Finding => ({ level: "look", place, message });

function* checkFields(issue: IssueToCheck): Generator<Finding> {
  if (issue.title === "") yield stop("title", "Give the issue a title.");
  if (!SLUG.test(issue.slug))
    yield stop("slug", "Give the issue an address of small letters, digits and dashes.");
  const subject = issue.subject || issue.title;
  if (subject.length > LONGEST_SUBJECT) {
    yield look("subject", `The subject has ${subject.length} characters; most inboxes show about 60.`);
  }
  if (issue.preheader === "")
    yield look("preheader", "Without a preheader, inboxes show the first words of the issue.");
}

function* checkWall({ document, audience }: IssueToCheck): Generator<Finding> {
  const { teaser, wall } = cutTeaser(document);
  if (!wall) {
    if (audience === "MEMBERS")
      yield look("text", "Without a paywall in the text, non-members get the title alone.");
    return;
  }
  if (audience === "EVERYONE") {
    yield stop(
      "audience",
      "There is a paywall in the text, so choose Members as the audience, or take the paywall out.",
    );
  }
  if (!saysSomething(teaser))
    yield look("text", "Nothing stands before the paywall for non-members to read.");
  if (!saysSomething(membersPart(document)))
    yield look("text", "Nothing stands behind the paywall: members get no more than everybody.");
}

function* checkText(issue: IssueToCheck): Generator<Finding> {
  if (!saysSomething(issue.document)) yield stop("text", "Write something first: the issue is empty.");
  for (const node of nodesOf(issue.document)) yield* checkNode(node, issue);
  const elsewhere = describeRemotePictures(issue.document);
  if (elsewhere) yield look("text", elsewhere);
  for (const link of listLinks(issue.document)) {
    if (OWN_MACHINE.test(link.url))
      yield look("text", `A link leads to your own machine: “${shortened(link.words || link.url)}”.`);
  }
}

function* checkNode(node: DocumentNode, issue: IssueToCheck): Generator<Finding> {
  if (node.type === "snippet" && !issue.snippetNames.has(node.attrs.name))
    yield stop("snippets", `The snippet “${node.attrs.name}” does not exist any more.`);
  if (node.type === "figure" && node.attrs.alt === "")
    yield look("text", "A picture has no description for those who cannot see it.");
  if (node.type === "previousIssue") {
    const { number } = node.attrs;
    if (number !== null && !issue.publishedNumbers.has(number))
      yield look("text", `The card of issue ${number} stays empty: no published issue has that number.`);
  }
  if ((node.type === "paragraph" || node.type === "heading") && PLACEHOLDERS.test(wordsOf(node.content)))
    yield look("text", `A placeholder is left: “${shortened(wordsOf(node.content))}”.`);
}

/** Boxes and the publication's own intro and sign-off do not make an issue. */
function saysSomething(document: Document): boolean {
  for (const node of nodesOf(document)) {
    if (node.type === "text" ? node.text.trim() !== "" : SPEAKING.has(node.type)) return true;
  }
  return false;
}

const SPEAKING: ReadonlySet<string> = new Set([
  "mathInline",
  "mathBlock",
  "mention",
  "variable",
  "figure",
  "pick",
  "linkCard",
  "socialPost",
  "videoCard",
]);

function shortened(words: string): string {
  return words.length <= 60 ? words : `${words.slice(0, 59).trimEnd()}…`;
}
