import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import type { PublicationSettings } from "@/lib/publication/queries";
import type { SubscriberHistory } from "@/lib/subscribers/queries";
import type { MembershipSource, MembershipStatus } from "@/prisma/generated/enums";
import { MembershipPart } from "./membership-part";

vi.mock("./actions", () => ({ compAction: vi.fn(), endCompAction: vi.fn() }));

const OPEN = "Open everything for free";
const FIRST = "end the membership at Stripe first";

function drawn(source: MembershipSource | null, status: MembershipStatus): string {
  const membership = source && { source, status, startedAt: new Date(0), endsAt: null };
  return renderToStaticMarkup(
    <MembershipPart
      subscriber={{ id: "one", membership, hadTrial: false } as SubscriberHistory}
      publication={{ graceDays: 7, timeZone: "UTC", language: "en" } as PublicationSettings}
    />,
  );
}

test.each<[string, MembershipSource | null, MembershipStatus, string[], string[]]>([
  ["a free reader", null, "ACTIVE", [OPEN], [FIRST]],
  ["whoever left Stripe", "STRIPE", "CANCELED", [OPEN], [FIRST]],
  ["somebody unpaid, whom it would be refused", "STRIPE", "UNPAID", [FIRST], [OPEN]],
  ["a member who pays", "STRIPE", "ACTIVE", [], [OPEN, FIRST]],
  ["a guest of the author", "COMP", "ACTIVE", ["End it now", "Change its end"], [OPEN, FIRST]],
])("%s is offered what can be done", (_, source, status, there, missing) => {
  const page = drawn(source, status);
  for (const words of there) expect(page).toContain(words);
  for (const words of missing) expect(page).not.toContain(words);
});
