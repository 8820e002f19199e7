import type { MemberState } from "@/lib/memberships/figures";

export function memberStateTone(state: MemberState): "good" | "bad" | "plain" {
  if (state === "paid" || state === "trial") return "good";
  return state === "past-due" ? "bad" : "plain";
}
