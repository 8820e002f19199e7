import { describe, expect, it } from "vitest";
import { readChange, signChange } from "./announce-change";

const secret = "k".repeat(40);
const now = new Date("2026-11-20T09:00:00Z");
const body = (change: object) => JSON.stringify({ tags: ["issues"], sentAt: now.getTime(), ...change });

describe("an announced change", () => {
  it("names its tags when the signature is ours", () => {
    const text = body({ tags: ["issues", "issue:a-first-issue"] });
    expect(readChange(text, signChange(text, secret), { secret, now })).toEqual([
      "issues",
      "issue:a-first-issue",
    ]);
  });

  it.each([
    ["unsigned", body({}), null],
    ["signed by another secret", body({}), signChange(body({}), "x".repeat(40))],
    ["signed for other words", body({}), signChange(body({ tags: ["publication"] }), secret)],
    ["older than five minutes", body({ sentAt: now.getTime() - 301_000 }), "own"],
    ["of an unknown tag", body({ tags: ["everything"] }), "own"],
    ["without tags", body({ tags: [] }), "own"],
    ["no JSON", "{", "own"],
  ])("%s is refused", (_name, text, signature) => {
    const given = signature === "own" ? signChange(text, secret) : signature;
    expect(readChange(text, given, { secret, now })).toBeNull();
  });
});
