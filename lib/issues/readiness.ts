/** What stands between an issue and its readers. Pure: `stop` must be mended before it is scheduled, `look` is advice. */
import { listLinks } from "./document/list-links";
import { wordsOf } from "./document/reading";
import type { Document } from "./document/schema";
import { cutTeaser } from "./document/teaser";
import { nodesOf } from "./document/traverse";
import { describeRemotePictures } from "./images/remote-pictures";
import { SLUG } from "./schema";

export type Finding = { level: "stop" | "look"; message: string };

export type IssueToCheck = {
  title: string;
  subject: string;
  preheader: string;
  slug: string;
  audience: "EVERYONE" | "MEMBERS";
  document: Document;
  snippetNames: ReadonlySet<string>;
};

const PLACEHOLDERS = /\b(TODO|TK|FIXME|lorem ipsum|XXX)\b/i;

export function checkReadiness(issue: IssueToCheck): Finding[] {
  const findings: Finding[] = [];
  const stop = (message: string) => findings.push({ level: "stop", message });
  const look = (message: string) => findings.push({ level: "look", message });
  const nodes = [...nodesOf(issue.document)];
  const { wall } = cutTeaser(issue.document);

  if (issue.title === "") stop("Give the issue a title.");
  if (!SLUG.test(issue.slug)) stop("Give the issue an address of small letters, digits and dashes.");
  if (!nodes.some((node) => node.type === "text" || node.type === "pick"))
    stop("Write something first: the issue is empty.");
  if (wall && issue.audience === "EVERYONE") {
    stop("There is a paywall in the text, so choose Members as the audience, or take the paywall out.");
  }
  for (const node of nodes) {
    if (node.type === "snippet" && !issue.snippetNames.has(node.attrs.name)) {
      stop(`The snippet “${node.attrs.name}” does not exist any more.`);
    }
    if (node.type === "figure" && node.attrs.alt === "")
      look("A picture has no description for those who cannot see it.");
    if ((node.type === "paragraph" || node.type === "heading") && PLACEHOLDERS.test(wordsOf(node.content))) {
      look(`A placeholder is left: “${wordsOf(node.content).slice(0, 60)}”.`);
    }
  }
  const elsewhere = describeRemotePictures(issue.document);
  if (elsewhere) look(elsewhere);
  if (issue.audience === "MEMBERS" && !wall)
    look("Without a paywall in the text, non-members get the title alone.");
  const subject = issue.subject || issue.title;
  if (subject.length > 90) look(`The subject has ${subject.length} characters; most inboxes show about 60.`);
  if (issue.preheader === "") look("Without a preheader, inboxes show the first words of the issue.");
  if (listLinks(issue.document).some((link) => link.url.includes("localhost")))
    look("A link points to localhost.");
  return findings;
}
