import { expect, test } from "vitest";
import { whenInWords } from "./when-in-words";

const now = new Date("2026-12-01T12:00:00Z");
const publication = { language: "en", timeZone: "UTC", catchUpHours: 24 };
const draft = {
  state: "DRAFT",
  scheduledFor: null,
  sendingPausedAt: null,
  publishedAt: null,
  editedAt: new Date("2026-11-30T08:00:00Z"),
} as const;
const scheduled = (moment: string) => ({
  ...draft,
  state: "SCHEDULED" as const,
  scheduledFor: new Date(moment),
});

test.each([
  ["a draft tells its last edit", draft, "edited Mon 30 Nov, 08:00"],
  ["what is to come tells its moment", scheduled("2026-12-04T09:00:00Z"), "goes out Fri 4 Dec, 09:00"],
  ["what is a little late still goes out", scheduled("2026-12-01T11:00:00Z"), "goes out Tue 1 Dec, 11:00"],
  [
    "what missed its moment waits",
    scheduled("2026-11-29T21:49:00Z"),
    "missed Sun 29 Nov, 21:49; waits for you",
  ],
  [
    "what is held waits",
    { ...scheduled("2026-12-04T09:00:00Z"), sendingPausedAt: now },
    "was set for Fri 4 Dec, 09:00; waits for you",
  ],
  [
    "what is out tells when it came",
    { ...draft, state: "PUBLISHED" as const, publishedAt: new Date("2026-11-27T09:00:00Z") },
    "Fri 27 Nov, 09:00",
  ],
])("%s", (_what, issue, words) => {
  expect(whenInWords(issue, publication, now)).toBe(words);
});
