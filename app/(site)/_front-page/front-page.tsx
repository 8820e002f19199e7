import type { ReactNode } from "react";
import { PageShell, SiteNavigation, type Visitor } from "@/app/_components/page-shell";
import { SubscribeForm } from "@/app/_components/subscribe-form";
import { Wordmark } from "@/app/_components/wordmark";
import type { IssueInList } from "@/lib/issues/queries";
import type { PublicationFacts } from "@/lib/publication/facts";
import { formatDate } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { IssueList } from "../_archive/issue-list";
import { MembershipLine } from "../_issue/offer";
import "./front-page.css";
import { LeadIssue } from "./lead-issue";

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export type FrontPageProps = {
  publication: PublicationSettings;
  facts: PublicationFacts;
  issues: readonly IssueInList[];
  visitor: Visitor;
  /** Whom the sign-up form or the membership line would only annoy. */
  isSubscriber: boolean;
  isMember: boolean;
};

/** The front page: what this is, who writes it, how to get it, and the latest issues. */
export function FrontPage({ publication, facts, issues, visitor, isSubscriber, isMember }: FrontPageProps) {
  const [latest, ...earlier] = issues;
  return (
    <PageShell
      publication={publication}
      visitor={visitor}
      masthead={<Masthead publication={publication} latest={latest} visitor={visitor} />}
    >
      <title>{`${publication.name}: ${publication.tagline}`}</title>
      <section className="front-about" aria-label="About">
        <p className="front-description" lang={publication.language}>
          {publication.description}
        </p>
        {!isSubscriber && <SignUp publication={publication} count={facts.subscriberCount} />}
        {publication.authorBio && (
          <p className="front-author" lang={publication.language}>
            {publication.authorBio}
          </p>
        )}
      </section>
      {latest ? (
        <>
          <LeadIssue issue={latest} publication={publication} />
          {earlier.length > 0 && <Earlier issues={earlier} publication={publication} />}
        </>
      ) : (
        <p className="front-empty">
          The first issue is being written. Leave your address and it comes to you.
        </p>
      )}
      {!isMember && <MembershipLine publication={publication} />}
    </PageShell>
  );
}

function Masthead({
  publication,
  latest,
  visitor,
}: {
  publication: PublicationSettings;
  latest: IssueInList | undefined;
  visitor: Visitor;
}) {
  const weekday = WEEKDAYS[publication.slotWeekday - 1];
  return (
    <header className="front-masthead">
      <div className="front-masthead-top">
        <p className="folio">
          Every {weekday} <span aria-hidden="true">·</span> by {publication.authorName}
        </p>
        <SiteNavigation visitor={visitor} />
      </div>
      <h1 lang={publication.language}>
        <Wordmark name={publication.name} size="display" />
      </h1>
      <div className="front-masthead-foot">
        <p className="front-tagline" lang={publication.language}>
          {publication.tagline}
        </p>
        {latest && (
          <p className="folio">
            {latest.number !== null && <>No. {latest.number} · </>}
            {formatDate(latest.publishedAt, publication)}
          </p>
        )}
      </div>
    </header>
  );
}

function SignUp({
  publication,
  count,
}: {
  publication: PublicationSettings;
  count: string | null;
}): ReactNode {
  return (
    <div className="front-sign-up">
      <h2>Get it by mail</h2>
      <SubscribeForm source="front-page" />
      <p className="front-sign-up-note">
        {count
          ? `Read by ${count} people. `
          : `Sent every ${WEEKDAYS[publication.slotWeekday - 1]}, and never more often. `}
        Free; leave with one click.
      </p>
    </div>
  );
}

function Earlier({
  issues,
  publication,
}: {
  issues: readonly IssueInList[];
  publication: PublicationSettings;
}) {
  return (
    <section className="front-earlier" aria-labelledby="earlier">
      <h2 id="earlier" className="folio">
        Earlier issues
      </h2>
      <IssueList issues={issues} dating={publication} />
      <p>
        <a href="/archive">The whole archive</a>
      </p>
    </section>
  );
}
