import type { Visitor } from "@/app/_components/page-shell";
import type { Viewer } from "@/lib/memberships/access";

export function visitorOf(viewer: Viewer): Visitor {
  if (viewer.kind === "stranger") return "stranger";
  return viewer.isAuthor ? "author" : "reader";
}
