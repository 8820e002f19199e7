/**
 * The one gate: who may read what. Pure; web page, mail, feed, metadata and search all ask here and nowhere else.
 * Refuses by default: whatever is unknown is closed.
 */
import type { IssueAudience, IssueKind, MembershipStatus } from "@/prisma/generated/enums";

/** What the gate needs of a membership row. */
export type MembershipFacts = {
  status: MembershipStatus;
  trialEndsAt: Date | null;
  currentPeriodEndsAt: Date | null;
  cancelAtPeriodEnd: boolean;
  pastDueSince: Date | null;
  endsAt: Date | null;
  /** From then on a pause closes what is not paid for; null where nobody paused. */
  pausedFrom: Date | null;
};

/** Whoever makes this request. */
export type Viewer =
  | { kind: "stranger" }
  | {
      kind: "reader";
      subscriberId: string;
      email: string;
      isConfirmed: boolean;
      isAuthor: boolean;
      membership: MembershipFacts | null;
      trialUsed: boolean;
    };

export const STRANGER: Viewer = { kind: "stranger" };

export type GatedIssue = {
  kind: IssueKind;
  audience: IssueAudience;
  publishedAt: Date | null;
  staysOpen: boolean;
  /** A paywall in the text closes what follows it, whatever the audience says. */
  hasPaywall: boolean;
};

export type AccessRules = { now: Date; graceDays: number; lockAfterDays: number | null };

/** The rules that the settings make at a moment. */
export function accessRulesAt(now: Date, settings: Omit<AccessRules, "now">): AccessRules {
  return { now, graceDays: settings.graceDays, lockAfterDays: settings.lockAfterDays };
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * True while the membership opens paid issues. Trial and paid time count alike; a failed payment leaves `graceDays`
 * from when the trouble began; a cancelled or paused membership lasts to the end that was paid for.
 */
export function opensPaidIssues(
  membership: MembershipFacts | null,
  rules: Pick<AccessRules, "now" | "graceDays">,
): boolean {
  if (!membership) return false;
  const now = rules.now.getTime();
  if (membership.endsAt && membership.endsAt.getTime() <= now) return false;
  if (membership.pausedFrom && membership.pausedFrom.getTime() <= now) return false;
  switch (membership.status) {
    case "TRIALING":
    case "ACTIVE":
      return true;
    case "PAST_DUE": {
      const since = membership.pastDueSince;
      return since !== null && now < since.getTime() + rules.graceDays * DAY_MS;
    }
    case "CANCELED":
    case "UNPAID":
    case "PAUSED":
    case "INCOMPLETE":
    case "INCOMPLETE_EXPIRED":
      return false;
    default:
      return refuse(membership.status);
  }
}

/** A status that a newer Stripe may add opens nothing. */
function refuse(_status: never): false {
  return false;
}

/** Issues published by then are locked by their age; null where the archive never locks. */
export function archiveLockedUntil(rules: AccessRules): Date | null {
  return rules.lockAfterDays === null ? null : new Date(rules.now.getTime() - rules.lockAfterDays * DAY_MS);
}

/** True where the issue is for members now: by its audience, its paywall, or because the archive locked it by age. */
export function isForMembers(issue: GatedIssue, rules: AccessRules): boolean {
  if (issue.audience === "MEMBERS" || issue.hasPaywall) return true;
  const locked = archiveLockedUntil(rules);
  if (issue.kind === "PAGE" || issue.staysOpen || locked === null || !issue.publishedAt) return false;
  return issue.publishedAt <= locked;
}

/** True when this viewer may read the whole issue: it is open, they are a member, or they wrote it. */
export function canReadWhole(viewer: Viewer, issue: GatedIssue, rules: AccessRules): boolean {
  if (!isForMembers(issue, rules)) return true;
  if (viewer.kind === "stranger") return false;
  return viewer.isAuthor || opensPaidIssues(viewer.membership, rules);
}

/** How issues address this viewer: which boxes and buttons they draw. Says nothing about what may be read. */
export function readerKindOf(
  viewer: Viewer,
  rules: Pick<AccessRules, "now" | "graceDays">,
): "stranger" | "subscriber" | "member" {
  if (viewer.kind === "stranger") return "stranger";
  if (viewer.isAuthor || opensPaidIssues(viewer.membership, rules)) return "member";
  return viewer.isConfirmed ? "subscriber" : "stranger";
}

/** One trial a person: false once it was used. Strangers are offered one, and told otherwise when they sign in. */
export function trialAvailableFor(viewer: Viewer): boolean {
  return viewer.kind === "stranger" || !viewer.trialUsed;
}
