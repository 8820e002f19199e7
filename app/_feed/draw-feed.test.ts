import { describe, expect, it } from "vitest";
import { absolute } from "./draw-feed";

describe("links in a feed", () => {
  it.each([
    ['<a href="/p/one">', '<a href="https://n.example/p/one">'],
    ['<img src="/media/x.png"/>', '<img src="https://n.example/media/x.png"/>'],
    ['<a href="#note-1">', '<a href="https://n.example/p/two#note-1">'],
    ['<a href="//other.example/x">', '<a href="//other.example/x">'],
    ['<a href="https://other.example/">', '<a href="https://other.example/">'],
    ["<p>href=&quot;/p/one&quot;</p>", "<p>href=&quot;/p/one&quot;</p>"],
  ])("%s becomes %s", (html, expected) => {
    expect(absolute(html, "https://n.example/p/two", "https://n.example")).toBe(expected);
  });
});
