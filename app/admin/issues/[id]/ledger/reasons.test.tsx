import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Reason } from "@/lib/deliveries/queries";
import type { PublicationSettings } from "@/lib/publication/queries";
import { Reasons } from "./reasons";

const NOT = "Why some did not get it";
const NOT_YET = "Why some do not have it yet";
const UNKNOWN = "Why nobody knows whether some have it";

function drawn(
  state: Reason["state"],
  { paused = false, reply = "the reason" }: { paused?: boolean; reply?: string | null } = {},
): string {
  const nextAttemptAt = state === "DEFERRED" ? new Date("2026-12-01T09:00:00Z") : null;
  return renderToStaticMarkup(
    <Reasons
      reasons={[{ state, reply, count: 1, nextAttemptAt }]}
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
  expect(drawn("DEFERRED", { paused: true })).toContain("tried again once sending goes on");
});

test.each([
  ["450 4.2.1 Try later, id 8a7f", "450 4.2.1"],
  ["550-5.1.1 nobody", "550-5.1.1"],
  ["450 try later, id 8a7f of 12", "450 try later, id"],
  ["gave up after 72 hours: 450 later", "450 later"],
  ["gave up after 72 hours: 452 4.2.2 Mailbox full", "452 4.2.2"],
  ["unsubscribed", "unsubscribed"],
  ["not confirmed: pending", "not confirmed: pending"],
  [null, null],
])("the reason %j leads to the rows with %j", (reply, found) => {
  const [, href = ""] = /href="([^"]*)"/.exec(drawn("FAILED", { reply })) ?? [];
  const { searchParams } = new URL(href.replaceAll("&amp;", "&"), "http://desk.test");
  expect([searchParams.get("state"), searchParams.get("q")]).toEqual(["FAILED", found]);
});
