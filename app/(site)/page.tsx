import { connection } from "next/server";
import { getViewer } from "@/lib/auth/viewer";
import { readerKindOf } from "@/lib/memberships/access";
import { FrontPage } from "./_front-page/front-page";
import { ISSUES_ON_FRONT_PAGE } from "./_front-page/front-page-metadata";
import { loadIssueList, loadPublication, loadPublicationFacts } from "./public-data";
import { visitorOf } from "./visitor";

/** The front page for whoever is signed in: private and never stored. */
export const instant = false;

export default async function ReadersFrontPage() {
  await connection();
  const [viewer, publication, facts, list] = await Promise.all([
    getViewer(),
    loadPublication(),
    loadPublicationFacts(),
    loadIssueList(1, ISSUES_ON_FRONT_PAGE),
  ]);
  const reader = readerKindOf(viewer, { now: new Date(), graceDays: publication.graceDays });
  return (
    <FrontPage
      publication={publication}
      facts={facts}
      issues={list.issues}
      visitor={visitorOf(viewer)}
      isSubscriber={reader !== "stranger"}
      isMember={reader === "member"}
    />
  );
}
