import { describe, expect, test } from "vitest";
import type { Document } from "./document/schema";
import { checkReadiness, type IssueToCheck } from "./readiness";

const text = (words: string) => ({ type: "text" as const, text: words });
const paragraph = (words: string) => ({ type: "paragraph" as const, content: [text(words)] });
const paywall = { type: "paywall" as const };
const doc = (...content: Document["content"]): Document => ({ type: "doc", content });
const figure = (alt: string): Document["content"][number] => ({
  type: "figure",
  attrs: { src: "/media/a.png", alt, width: 10, height: 10, caption: null, href: null } as never,
});
const link = (href: string): Document => ({
  type: "doc",
  content: [
    {
      type: "paragraph",
      content: [{ type: "text", text: "the demo", marks: [{ type: "link", attrs: { href } }] }],
    },
  ],
});
const card = (number: number | null) =>
  ({ type: "previousIssue", attrs: { number, title: null, excerpt: null } }) as const;
const snippet = (name: string) => ({ type: "snippet", attrs: { name } }) as const;

const ready: IssueToCheck = {
  title: "An issue",
  subject: "",
  preheader: "What it is about",
  slug: "an-issue",
  audience: "MEMBERS",
  document: doc(paragraph("Free."), paywall, paragraph("Paid.")),
  snippetNames: new Set(["intro"]),
  publishedNumbers: new Set([1, 2]),
};

test("an issue with everything in place has no findings", () => {
  expect(checkReadiness(ready)).toEqual([]);
});

describe("each thing to mend is found, and says where", () => {
  test.each<[string, Partial<IssueToCheck>, "stop" | "look", string, RegExp]>([
    ["no title", { title: "" }, "stop", "title", /title/],
    ["an address with capitals", { slug: "An-Issue" }, "stop", "slug", /address/],
    ["no address", { slug: "" }, "stop", "slug", /address/],
    [
      "an empty issue",
      { audience: "EVERYONE", document: doc({ type: "paragraph" }) },
      "stop",
      "text",
      /empty/,
    ],
    ["spaces alone", { audience: "EVERYONE", document: doc(paragraph("  ")) }, "stop", "text", /empty/],
    ["the intro alone", { audience: "EVERYONE", document: doc(snippet("intro")) }, "stop", "text", /empty/],
    ["a paywall for everyone", { audience: "EVERYONE" }, "stop", "audience", /paywall/],
    [
      "a snippet that is gone",
      { document: doc(snippet("gone"), paragraph("Free."), paywall, paragraph("Paid.")) },
      "stop",
      "snippets",
      /“gone”/,
    ],
    ["members without a paywall", { document: doc(paragraph("All paid.")) }, "look", "text", /title alone/],
    ["nothing free", { document: doc(paywall, paragraph("Paid.")) }, "look", "text", /before the paywall/],
    ["nothing paid", { document: doc(paragraph("Free."), paywall) }, "look", "text", /behind the paywall/],
    ["no preheader", { preheader: "" }, "look", "preheader", /preheader/],
    ["a long subject", { subject: "x".repeat(91) }, "look", "subject", /91 characters/],
    ["a long title as the subject", { title: "x".repeat(91) }, "look", "subject", /91 characters/],
    [
      "a picture without words",
      { document: doc(figure(""), paywall, paragraph("Paid.")) },
      "look",
      "text",
      /no description/,
    ],
    [
      "a placeholder",
      { document: doc(paragraph("TK: the number"), paywall, paragraph("Paid.")) },
      "look",
      "text",
      /“TK: the number”/,
    ],
    [
      "a card of an issue that is not out",
      { document: doc(paragraph("Free."), card(7), paywall, paragraph("Paid.")) },
      "look",
      "text",
      /issue 7/,
    ],
    [
      "a link to this machine",
      { audience: "EVERYONE", document: link("http://localhost:3000/x") },
      "look",
      "text",
      /“the demo”/,
    ],
    [
      "a link to this machine by number",
      { audience: "EVERYONE", document: link("http://127.0.0.1/x") },
      "look",
      "text",
      /own machine/,
    ],
  ])("%s", (_what, change, level, place, message) => {
    const findings = checkReadiness({ ...ready, ...change });
    expect(findings).toContainEqual({ level, place, message: expect.stringMatching(message) });
  });
});

describe("what is fine is not complained about", () => {
  test.each<[string, Partial<IssueToCheck>]>([
    ["a picture as the whole free part", { document: doc(figure("A plot"), paywall, paragraph("Paid.")) }],
    [
      "cards of published issues",
      { document: doc(paragraph("Free."), card(2), card(null), paywall, paragraph("Paid.")) },
    ],
    [
      "a word that only holds a placeholder's letters",
      { document: doc(paragraph("Todos los TKO."), paywall, paragraph("Paid.")) },
    ],
    [
      "a link to a place that is called like this machine",
      { audience: "EVERYONE", document: link("https://example.com/localhost") },
    ],
    ["an open issue without a paywall", { audience: "EVERYONE", document: doc(paragraph("Free.")) }],
  ])("%s", (_what, change) => {
    expect(checkReadiness({ ...ready, ...change })).toEqual([]);
  });
});

test("stops come first and each message once", () => {
  const findings = checkReadiness({
    ...ready,
    preheader: "",
    title: "",
    document: doc(figure(""), figure(""), paywall, paragraph("Paid.")),
  });
  expect(findings.map((finding) => finding.level)).toEqual(["stop", "look", "look"]);
});
