import { expect, test } from "vitest";
import { linksInText } from "./open-message";
import { previewHtml } from "./preview";

const mail = `<!doctype html><html><head><meta name="color-scheme" content="light dark"><style>:root{color-scheme: light dark}
@media (prefers-color-scheme: dark) and (min-width: 9px){p{color:#eee}}</style></head><body>(prefers-color-scheme: dark)</body></html>`;

test.each([
  ["dark", "(min-width: 0)"],
  ["light", "(max-width: 0)"],
] as const)("the %s scheme wins in style sheets and leaves the text alone", (scheme, condition) => {
  const html = previewHtml(mail, scheme);
  expect(html).toContain(`@media ${condition} and (min-width: 9px)`);
  expect(html).toContain(`:root{color-scheme: ${scheme}}`);
  expect(html).toContain(`content="${scheme}"`);
  expect(html).toContain("<body>(prefers-color-scheme: dark)</body>");
});

test("links open outside of the frame, and a mail without a head keeps standards mode", () => {
  expect(previewHtml(mail, "light")).toMatch(/<head><base target="_blank">/);
  expect(previewHtml("<p>x</p>", "light")).toBe('<!doctype html><base target="_blank"><p>x</p>');
});

test("links in text end where the sentence goes on", () => {
  const text =
    "See https://a.example/x?y=1. (Also https://b.example/z), <https://c.example/q> and https://d.example/w_(x)";
  expect(linksInText(text)).toEqual([
    "https://a.example/x?y=1",
    "https://b.example/z",
    "https://c.example/q",
    "https://d.example/w_(x)",
  ]);
});
