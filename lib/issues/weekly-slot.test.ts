import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { nextSlot, upcomingSlots } from "./weekly-slot";

const at = (iso: string) => new Date(iso);

describe("the weekly slot", () => {
  test.each([
    ["a slot later today", "2026-11-27T08:00:00Z", 5, "09:00", "Europe/London", "2026-11-27T09:00:00Z"],
    [
      "the very moment of the slot gives next week's",
      "2026-11-27T09:00:00Z",
      5,
      "09:00",
      "Europe/London",
      "2026-12-04T09:00:00Z",
    ],
    [
      "summer time moves the instant, not the clock",
      "2026-06-20T00:00:00Z",
      5,
      "09:00",
      "Europe/London",
      "2026-06-26T08:00:00Z",
    ],
    [
      "a time that the clock skips becomes the end of the gap",
      "2026-03-28T12:00:00Z",
      7,
      "02:30",
      "Europe/Berlin",
      "2026-03-29T01:00:00Z",
    ],
    [
      "a time that the clock shows twice is its first showing",
      "2026-10-24T12:00:00Z",
      7,
      "02:30",
      "Europe/Berlin",
      "2026-10-25T00:30:00Z",
    ],
    [
      "half an hour of summer time",
      "2026-10-03T00:00:00Z",
      7,
      "02:15",
      "Australia/Lord_Howe",
      "2026-10-03T15:30:00Z",
    ],
  ])("%s", (_what, after, slotWeekday, slotTime, timeZone, expected) => {
    expect(nextSlot(at(after), { slotWeekday, slotTime, timeZone }).toISOString()).toBe(
      at(expected).toISOString(),
    );
  });

  const zones = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Pacific/Auckland",
  ];

  test.each(zones)("in %s every week of ten years has exactly one slot, on its own day", (timeZone) => {
    for (const slotTime of ["00:00", "02:30", "09:00"]) {
      const slot = { slotWeekday: 7, slotTime, timeZone };
      const slots = upcomingSlots(at("2024-01-01T00:00:00Z"), slot, 520);
      const days = slots.map((moment) => DateTime.fromJSDate(moment, { zone: timeZone }));
      expect(days.every((day) => day.weekday === 7)).toBe(true);
      expect(new Set(days.map((day) => day.toISODate())).size).toBe(520);
      const weeks = days.map(
        (day, index) =>
          Math.round(day.startOf("day").diff(days[0]?.startOf("day") ?? day, "days").days) - index * 7,
      );
      expect(new Set(weeks)).toEqual(new Set([0]));
    }
  });
});
