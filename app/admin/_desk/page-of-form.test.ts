import { expect, test } from "vitest";
import { pageOfForm } from "./page-of-form";

test.each([
  ["the page comes back", "https://a.example/admin/issues/1", "/admin/issues/1"],
  [
    "with what was searched",
    "https://a.example/admin/issues?shelf=drafts&q=a%20b",
    "/admin/issues?shelf=drafts&q=a+b",
  ],
  ["without the answer that it showed", "https://a.example/admin/issues/1?done=paused", "/admin/issues/1"],
  ["the week is a page, too", "https://a.example/admin", "/admin"],
  ["no page at all is the desk", null, "/admin"],
  ["nonsense is the desk", "about:", "/admin"],
  ["another site is the desk", "https://b.example/admin/issues/1", "/admin"],
  ["a page outside the desk is the desk", "https://a.example/administration", "/admin"],
])("%s", (_what, referer, expected) => {
  expect(pageOfForm(referer, "https://a.example")).toBe(expected);
});
