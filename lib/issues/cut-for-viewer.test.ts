import { describe, expect, test } from "vitest";
import { STRANGER } from "@/lib/memberships/access";
import { cardOf, cutForViewer, type IssueOfCard } from "./cut-for-viewer";
import type { Document } from "./document/schema";

const now = new Date("2026-11-24T09:00:00Z");
const OLD = new Date("2026-10-25T09:00:00Z");
const YOUNG = new Date("2026-10-25T09:00:01Z");
const FREE = "Before the wall.";
const PAID = "Behind the wall.";
const SUBTITLE = "What changed this week";

const said = (text: string) => ({ type: "paragraph" as const, content: [{ type: "text" as const, text }] });
const OPEN: Document = { type: "doc", content: [said(FREE), said(PAID)] };
const WALLED: Document = { type: "doc", content: [said(FREE), { type: "paywall" }, said(PAID)] };

const issue = (changes: Partial<IssueOfCard>): IssueOfCard => ({
  kind: "ISSUE",
  audience: "EVERYONE",
  publishedAt: OLD,
  staysOpen: false,
  body: OPEN,
  number: 4,
  slug: "four",
  title: "Four",
  subtitle: SUBTITLE,
  ...changes,
});
const ALL = `${FREE} ${PAID}`;

describe("with an archive that locks after 30 days", () => {
  const rules = { now, graceDays: 7, lockAfterDays: 30 };
  const cases: [string, Partial<IssueOfCard>, string, boolean][] = [
    ["an open issue of 30 days", {}, SUBTITLE, true],
    ["an open issue a second younger", { publishedAt: YOUNG }, ALL, false],
    ["an old issue that stays open", { staysOpen: true }, ALL, false],
    ["an old page", { kind: "PAGE" }, ALL, false],
    ["an old issue with a paywall", { body: WALLED }, FREE, true],
    ["a new issue with a paywall", { body: WALLED, publishedAt: YOUNG }, FREE, true],
    ["a new members' issue without a paywall", { audience: "MEMBERS", publishedAt: YOUNG }, SUBTITLE, true],
    ["a new members' issue with one", { audience: "MEMBERS", body: WALLED, publishedAt: YOUNG }, FREE, true],
    ["a members' issue that stays open in age", { audience: "MEMBERS", staysOpen: true }, SUBTITLE, true],
    ["a draft of an open issue", { publishedAt: null }, ALL, false],
  ];
  test.each(cases)("the card of %s shows what a stranger may read", (_which, changes, excerpt, closed) => {
    expect(cardOf(issue(changes), rules)).toEqual({ number: 4, slug: "four", title: "Four", excerpt });
    expect(cutForViewer(issue(changes), STRANGER, rules).forMembers).toBe(closed);
  });
});

test("an archive that never locks shows an old open issue in its card", () => {
  const rules = { now, graceDays: 7, lockAfterDays: null };
  expect(cardOf(issue({}), rules).excerpt).toBe(ALL);
});
