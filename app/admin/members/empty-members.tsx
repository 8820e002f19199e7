import { memberStateInWords } from "@/lib/memberships/change-words";
import type { MemberState } from "@/lib/memberships/figures";

const NOBODY: Readonly<Record<MemberState, string>> = {
  trial: "No trial is running.",
  paid: "Nobody pays yet.",
  "past-due": "No payment is missing.",
  cancelling: "Nobody has cancelled what still runs.",
  guest: "Nobody reads as a guest. A person’s page opens everything to them for free.",
  paused: "No membership is paused.",
  ended: "No membership has ended.",
};

/** What an empty list means, and what to do about it. */
export function EmptyMembers({
  search,
  state,
  anybody,
}: {
  search: string;
  state: MemberState | undefined;
  anybody: boolean;
}) {
  if (search !== "") {
    return (
      <p className="desk-empty">
        Nobody {state && anybody ? `in the state “${memberStateInWords(state)}” ` : "with a membership "}
        matches “{search}”. <a href="/admin/members">Show everybody</a>
      </p>
    );
  }
  return (
    <p className="desk-empty">
      {state && anybody
        ? NOBODY[state]
        : "No members yet. A paywall in an issue is where they begin; a subscriber’s page gives a free membership."}
    </p>
  );
}
