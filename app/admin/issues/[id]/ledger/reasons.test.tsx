import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Reason } from "@/lib/deliveries/queries";
import type { PublicationSettings } from "@/lib/publication/queries";
import { Reasons } from "./reasons";

const NOT = "Why some did not get it";
const NOT_YET = "Why some do not have it yet";
const UNKNOWN = "Why nobody knows whether some have it";

function drawn(state: Reason["state"], paused = false): string {
  const nextAttemptAt = state === "DEFERRED" ? new Date("2026-12-01T09:00:00Z") : null;
  return renderToStaticMarkup(
    <Reasons
      reasons={[{ state, reply: "the reason", count: 1, nextAttemptAt }]}
      here="/admin/issues/one"
      paused={paused}
      publication={{ timeZone: "UTC", language: "en" } as PublicationSettings}
    />,
  );
}

test.each<[Reason["state"], string]>([
  ["FAILED", NOT],
  ["SKIPPED", NOT],
  ["DEFERRED", NOT_YET],
  ["UNCERTAIN", UNKNOWN],
])("what is %s stands below “%s” and below no other heading", (state, heading) => {
  const page = drawn(state);
  expect([NOT, NOT_YET, UNKNOWN].filter((each) => page.includes(each))).toEqual([heading]);
});

test("a next try has a moment, unless sending is paused", () => {
  expect(drawn("DEFERRED")).toContain("tried again from Tue 1 Dec");
  expect(drawn("DEFERRED", true)).toContain("tried again once sending goes on");
});
