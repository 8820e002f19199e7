/**
 * The one way from a stored issue to what a viewer may see of it: the text as the gate cuts it now, and the card that
 * stands for it anywhere else. Pure.
 */
import {
  type AccessRules,
  canReadWhole,
  type GatedIssue,
  isForMembers,
  STRANGER,
  type Viewer,
} from "@/lib/memberships/access";
import type { IssueCard } from "./document/facts";
import { excerptOf } from "./document/reading";
import { type CutDocument, cutTeaser, documentFor } from "./document/teaser";
import { readStoredDocument } from "./stored-document";

/** What decides who may read an issue: its columns as they are stored. */
export type StoredIssue = Omit<GatedIssue, "hasPaywall"> & { body: unknown };

/** `forMembers` is true where only members read all of it, whoever is asking. */
export function cutForViewer(
  issue: StoredIssue,
  viewer: Viewer,
  rules: AccessRules,
): CutDocument & { forMembers: boolean } {
  const whole = readStoredDocument(issue.body);
  const gated = { ...issue, hasPaywall: cutTeaser(whole).wall };
  const forMembers = isForMembers(gated, rules);
  const cut = documentFor(whole, {
    audience: forMembers ? "MEMBERS" : "EVERYONE",
    canReadWhole: canReadWhole(viewer, gated, rules),
  });
  return { ...cut, forMembers };
}

export type IssueOfCard = StoredIssue & Omit<IssueCard, "excerpt"> & { subtitle: string };

/** Shows what any stranger may read now: the beginning of the free part, or the subtitle where nothing is free. */
export function cardOf(issue: IssueOfCard, rules: AccessRules): IssueCard {
  const excerpt = excerptOf(cutForViewer(issue, STRANGER, rules).document);
  return { number: issue.number, slug: issue.slug, title: issue.title, excerpt: excerpt || issue.subtitle };
}
