import "@/app/_components/issue-body.css";
import { PageShell, type Visitor } from "@/app/_components/page-shell";
import { SubscribeForm } from "@/app/_components/subscribe-form";
import { renderWeb } from "@/lib/issues/document/render-web";
import type { IssueForReader } from "@/lib/issues/read-issue";
import { IssueHead } from "./issue-head";
import "./issue-page.css";
import { MembershipLine } from "./offer";
import { Outline } from "./outline";
import { Paywall, type WallFor } from "./paywall";
import { StructuredData } from "./structured-data";

/** Draws what `readIssue` let this viewer have; it holds nothing that they may not read. */
export function IssuePage({
  issue,
  visitor,
  wallFor,
}: {
  issue: IssueForReader;
  visitor: Visitor;
  wallFor: WallFor;
}) {
  const { publication, context } = issue;
  const isIssue = issue.kind === "ISSUE";
  return (
    <PageShell publication={publication} visitor={visitor}>
      <title>{`${issue.title} · ${publication.name}`}</title>
      <article className="issue">
        <IssueHead issue={issue} />
        {isIssue && <Outline entries={issue.outline} minutes={issue.minutes} />}
        {renderWeb(issue.document, context, {
          subscribeForm: <SubscribeForm source={`issue-${issue.slug}`} />,
          upgradeHref: `/join?issue=${encodeURIComponent(issue.slug)}`,
        })}
        {issue.wall && <Paywall wallFor={wallFor} publication={publication} slug={issue.slug} />}
      </article>
      {isIssue && <AfterIssue issue={issue} />}
      <StructuredData issue={issue} />
    </PageShell>
  );
}

/** Nobody is asked for what they have: strangers may subscribe, subscribers may join, members read on. */
function AfterIssue({ issue }: { issue: IssueForReader }) {
  const { publication, context } = issue;
  return (
    <div className="after-issue">
      {context.reader === "stranger" && (
        <section className="after-issue-subscribe" aria-labelledby="after-issue-title">
          <h2 id="after-issue-title">The next one, by mail</h2>
          <p>{publication.name} comes every week. Free; leave with one click.</p>
          <SubscribeForm source={`after-${issue.slug}`} />
        </section>
      )}
      {context.reader === "subscriber" && !issue.wall && <MembershipLine publication={publication} />}
      <nav className="issue-neighbours" aria-label="Other issues">
        {issue.previous && <Neighbour rel="prev" label="Earlier" issue={issue.previous} />}
        {issue.next && <Neighbour rel="next" label="Later" issue={issue.next} />}
      </nav>
    </div>
  );
}

function Neighbour({
  rel,
  label,
  issue,
}: {
  rel: "prev" | "next";
  label: string;
  issue: NonNullable<IssueForReader["next"]>;
}) {
  return (
    <a rel={rel} href={`/p/${issue.slug}`} className={`issue-neighbour issue-neighbour-${rel}`}>
      <span className="folio">
        {label}
        {issue.number !== null && `: no. ${issue.number}`}
      </span>
      <span className="issue-neighbour-title">{issue.title}</span>
    </a>
  );
}
