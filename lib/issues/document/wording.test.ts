import { describe, expect, test } from "vitest";
import { contextFor } from "./document.fixture";
import type { IssueFacts } from "./facts";
import { absoluteUrl, previousIssueCard, upgradeLabel, variableWords } from "./wording";

const { issue } = contextFor("stranger");

describe("the card of an earlier issue", () => {
  const titles: [title: string, shown: string][] = [
    ["Quantise last", "Quantise last"],
    ["Field Notes 11: Quantise last", "Quantise last"],
    ["Field Notes 11 — Quantise last", "Quantise last"],
    ["Field Notes 11", "Field Notes 11"],
    ["Field Notes 110: A hundred more", "Field Notes 110: A hundred more"],
  ];
  test.each(titles)("titled %s says its number once", (title, shown) => {
    const card = { number: 11, slug: "quantise-last", title, excerpt: "" };
    const facts: IssueFacts = { ...issue, cards: new Map([["previous" as const, card]]) };
    const block = { type: "previousIssue" as const, attrs: { number: null, title: null, excerpt: null } };
    expect(previousIssueCard(block, facts)).toMatchObject({ kicker: "Field Notes 11", title: shown });
  });
});

test.each([
  ["/archive", "https://letters.example/archive"],
  ["#more", "https://letters.example/p/drift-before-breakfast#more"],
  ["https://example.com/", "https://example.com/"],
  ["mailto:me@example.com", "mailto:me@example.com"],
])("a link to %s leads to %s from a mail", (href, url) => {
  expect(absoluteUrl(href, issue)).toBe(url);
});

test("variables read as words also where there is one day or no count yet", () => {
  const publication = { ...issue.publication, trialDays: 1, subscriberCount: null };
  expect(variableWords("trialLength", publication)).toBe("1 day");
  expect(variableWords("subscriberCount", publication)).toBe("many");
});

test("the upgrade button names no trial where the publication has none", () => {
  const context = contextFor("stranger");
  const publication = { ...issue.publication, trialDays: 0 };
  expect(upgradeLabel(null, { ...context, issue: { ...issue, publication } })).toBe(
    "Become a member for $3/mo",
  );
});
