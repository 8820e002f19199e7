import { expect, it } from "vitest";
import type { IssueInList } from "@/lib/issues/queries";
import { byYear } from "./archive-page";

const issue = (slug: string, publishedAt: string): IssueInList => ({
  slug,
  number: 1,
  title: slug,
  subtitle: "",
  excerpt: "",
  publishedAt: new Date(publishedAt),
  updatedAt: new Date(publishedAt),
  minutes: 1,
  forMembers: false,
});

it("groups issues by the year of the publication's own time zone", () => {
  const issues = [issue("b", "2025-12-31T23:30:00Z"), issue("a", "2025-12-31T22:30:00Z")];
  const years = byYear(issues, "Europe/Berlin").map(([year, found]) => [year, found.map((one) => one.slug)]);
  expect(years).toEqual([
    ["2026", ["b"]],
    ["2025", ["a"]],
  ]);
});
