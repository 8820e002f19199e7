import type { Viewer } from "@/lib/memberships/access";
import type { WallFor } from "./paywall";

/** Which wall this viewer meets. Says only how to address them; what they may read is decided by `readIssue`. */
export function wallFor(viewer: Viewer): WallFor {
  if (viewer.kind === "stranger") return "stranger";
  const { status, pausedFrom = null } = viewer.membership ?? {};
  if (status === "ACTIVE" && pausedFrom !== null) return "paused";
  if (status === "PAST_DUE" || status === "UNPAID") return "unpaid";
  return viewer.trialUsed ? "lapsed" : "subscriber";
}
