import fc from "fast-check";
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
    [
      "the week in which New York goes back keeps nine o'clock",
      "2026-10-30T14:00:00Z",
      5,
      "09:00",
      "America/New_York",
      "2026-11-06T14:00:00Z",
    ],
    [
      "the week in which New York goes forward keeps nine o'clock",
      "2026-03-06T15:00:00Z",
      5,
      "09:00",
      "America/New_York",
      "2026-03-13T13:00:00Z",
    ],
    [
      "the week in which Sydney goes forward keeps six o'clock",
      "2026-10-02T00:00:00Z",
      1,
      "06:00",
      "Australia/Sydney",
      "2026-10-04T19:00:00Z",
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

  test("whatever the moment and the zone, the next slot is later, within eight days, and none lies between", () => {
    const moments = fc.date({
      min: at("2000-01-01T00:00:00Z"),
      max: at("2099-01-01T00:00:00Z"),
      noInvalidDate: true,
    });
    const two = (most: number) =>
      fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(2, "0"));
    const slots = fc.record({
      slotWeekday: fc.integer({ min: 1, max: 7 }),
      slotTime: fc.tuple(two(23), two(59)).map((parts) => parts.join(":")),
      timeZone: fc.constantFrom(...zones),
    });
    fc.assert(
      fc.property(moments, slots, (after, slot) => {
        const next = nextSlot(after, slot);
        const ahead = next.getTime() - after.getTime();
        expect(ahead).toBeGreaterThan(0);
        expect(ahead).toBeLessThanOrEqual(8 * 86_400_000);
        expect(nextSlot(new Date(next.getTime() - 1), slot)).toEqual(next);
      }),
      { numRuns: 500 },
    );
  });
});
