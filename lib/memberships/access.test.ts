import { describe, expect, test } from "vitest";
import {
  canReadWhole,
  type GatedIssue,
  type MembershipFacts,
  opensPaidIssues,
  readerKindOf,
  STRANGER,
  trialAvailableFor,
  type Viewer,
} from "./access";

const now = new Date("2026-11-24T09:00:00.000Z");
const rules = { now, graceDays: 7, lockAfterDays: 30 };
const DAY = 86_400_000;
const at = (offsetMs: number) => new Date(now.getTime() + offsetMs);

const membership = (facts: Partial<MembershipFacts>): MembershipFacts => ({
  status: "ACTIVE",
  trialEndsAt: null,
  currentPeriodEndsAt: null,
  cancelAtPeriodEnd: false,
  pausedFrom: null,
  pastDueSince: null,
  endsAt: null,
  ...facts,
});

const reader = (facts: Partial<Extract<Viewer, { kind: "reader" }>> = {}): Viewer => ({
  kind: "reader",
  subscriberId: "one",
  email: "one@example.com",
  isConfirmed: true,
  isAuthor: false,
  membership: null,
  trialUsed: false,
  ...facts,
});

const issue = (facts: Partial<GatedIssue> = {}): GatedIssue => ({
  kind: "ISSUE",
  audience: "MEMBERS",
  publishedAt: at(-DAY),
  staysOpen: false,
  hasPaywall: true,
  ...facts,
});

describe("a membership opens paid issues", () => {
  test.each<[string, Partial<MembershipFacts> | null, boolean]>([
    ["nobody's", null, false],
    ["on trial", { status: "TRIALING", trialEndsAt: at(DAY) }, true],
    ["paid", {}, true],
    ["on trial, cancelled, a millisecond before its end", { status: "TRIALING", endsAt: at(1) }, true],
    ["on trial, cancelled, at its end", { status: "TRIALING", endsAt: at(0) }, false],
    ["paid, cancelled, a millisecond before the paid end", { cancelAtPeriodEnd: true, endsAt: at(1) }, true],
    ["paid, cancelled, at the paid end", { cancelAtPeriodEnd: true, endsAt: at(0) }, false],
    ["unpaid since less than the grace", { status: "PAST_DUE", pastDueSince: at(1 - 7 * DAY) }, true],
    ["unpaid since the whole grace", { status: "PAST_DUE", pastDueSince: at(-7 * DAY) }, false],
    ["past due since nobody knows when", { status: "PAST_DUE" }, false],
    ["unpaid for good", { status: "UNPAID" }, false],
    ["cancelled", { status: "CANCELED" }, false],
    ["cancelled with an end in the future", { status: "CANCELED", endsAt: at(DAY) }, false],
    ["paused", { status: "PAUSED" }, false],
    ["paused, a millisecond before the paid end", { pausedFrom: at(1) }, true],
    ["paused, at the paid end", { pausedFrom: at(0) }, false],
    ["paused in a trial, at its end", { status: "TRIALING", pausedFrom: at(0) }, false],
    ["never paid for", { status: "INCOMPLETE" }, false],
    ["never paid for, and expired", { status: "INCOMPLETE_EXPIRED" }, false],
    ["a comp without an end", { endsAt: null }, true],
    ["a comp a millisecond before its end", { endsAt: at(1) }, true],
    ["a comp at its end", { endsAt: at(0) }, false],
    ["with a status of the future", { status: "SUSPENDED" as MembershipFacts["status"] }, false],
  ])("%s: %s", (_name, facts, expected) => {
    expect(opensPaidIssues(facts && membership(facts), rules)).toBe(expected);
  });

  test("a grace of no days ends access with the first failed payment", () => {
    const facts = membership({ status: "PAST_DUE", pastDueSince: now });
    expect(opensPaidIssues(facts, { now, graceDays: 0 })).toBe(false);
  });
});

const VIEWERS = {
  stranger: STRANGER,
  "unconfirmed subscriber": reader({ isConfirmed: false }),
  subscriber: reader(),
  "ex-member": reader({ membership: membership({ status: "CANCELED", endsAt: at(-1) }), trialUsed: true }),
  member: reader({ membership: membership({}) }),
  "unconfirmed member": reader({ isConfirmed: false, membership: membership({}) }),
  author: reader({ isAuthor: true }),
} satisfies Record<string, Viewer>;

const MEMBERS_ALONE = ["member", "unconfirmed member", "author"];
const EVERYBODY = Object.keys(VIEWERS);

describe("the whole of", () => {
  test.each<[string, Partial<GatedIssue>, string[]]>([
    ["an issue for members", {}, MEMBERS_ALONE],
    ["an issue for members without a paywall", { hasPaywall: false }, MEMBERS_ALONE],
    ["an issue that says everyone and has a paywall", { audience: "EVERYONE" }, MEMBERS_ALONE],
    ["an open issue", { audience: "EVERYONE", hasPaywall: false }, EVERYBODY],
    [
      "an open issue a millisecond before the archive locks it",
      { audience: "EVERYONE", hasPaywall: false, publishedAt: at(1 - 30 * DAY) },
      EVERYBODY,
    ],
    [
      "an open issue that the archive has locked",
      { audience: "EVERYONE", hasPaywall: false, publishedAt: at(-30 * DAY) },
      MEMBERS_ALONE,
    ],
    [
      "an old issue that stays open",
      { audience: "EVERYONE", hasPaywall: false, staysOpen: true, publishedAt: at(-400 * DAY) },
      EVERYBODY,
    ],
    [
      "an old issue for members that stays open by age",
      { staysOpen: true, publishedAt: at(-400 * DAY) },
      MEMBERS_ALONE,
    ],
    [
      "an old page",
      { kind: "PAGE", audience: "EVERYONE", hasPaywall: false, publishedAt: at(-400 * DAY) },
      EVERYBODY,
    ],
  ])("%s is for exactly those whom it is meant for", (_name, facts, readers) => {
    const allowed = Object.entries(VIEWERS).filter(([, viewer]) => canReadWhole(viewer, issue(facts), rules));
    expect(allowed.map(([name]) => name)).toEqual(readers);
  });

  test("an old open issue is everybody's where the archive never locks", () => {
    const old = issue({ audience: "EVERYONE", hasPaywall: false, publishedAt: at(-4_000 * DAY) });
    expect(canReadWhole(STRANGER, old, { ...rules, lockAfterDays: null })).toBe(true);
  });
});

test("each viewer is addressed as what they are", () => {
  const kinds = Object.entries(VIEWERS).map(([name, viewer]) => [name, readerKindOf(viewer, rules)]);
  expect(Object.fromEntries(kinds)).toEqual({
    stranger: "stranger",
    "unconfirmed subscriber": "stranger",
    subscriber: "subscriber",
    "ex-member": "subscriber",
    member: "member",
    "unconfirmed member": "member",
    author: "member",
  });
});

test("a trial is offered once", () => {
  expect(trialAvailableFor(STRANGER)).toBe(true);
  expect(trialAvailableFor(reader())).toBe(true);
  expect(trialAvailableFor(reader({ trialUsed: true }))).toBe(false);
});
