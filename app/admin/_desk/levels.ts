/** How a check's level is called, and the colour of its tag. */
export const LEVELS = {
  ok: { words: "well", tone: "good" },
  warn: { words: "look at it", tone: "strong" },
  fail: { words: "wrong", tone: "bad" },
  unknown: { words: "not known", tone: "plain" },
} as const;
