import type { ReactNode } from "react";
import type { PublicationSettings } from "@/lib/publication/queries";
import { accentVariables } from "./accent";
import "./page-shell.css";
import { Wordmark } from "./wordmark";

export type ShellPublication = Pick<
  PublicationSettings,
  "name" | "tagline" | "authorName" | "language" | "accentColor"
>;
/** Whom the navigation speaks to; a page that is the same for everybody says "stranger". */
export type Visitor = "stranger" | "reader" | "author";

/**
 * The frame of every page for readers: skip link, running head, main, foot, and the publication's accent. Draws
 * what it is given and loads nothing. `masthead` replaces the running head, as the front page does.
 */
export function PageShell({
  publication,
  visitor = "stranger",
  masthead,
  children,
}: {
  publication: ShellPublication;
  visitor?: Visitor;
  masthead?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="publication page" style={accentVariables(publication.accentColor)}>
      <a href="#main" className="skip-link">
        Skip to the text
      </a>
      {masthead ?? (
        <header className="running-head">
          <Wordmark name={publication.name} />
          <SiteNavigation visitor={visitor} />
        </header>
      )}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <SiteFoot publication={publication} visitor={visitor} />
    </div>
  );
}

/** Plain links on purpose: nothing is fetched before a click, so nothing private is ever fetched ahead. */
export function SiteNavigation({ visitor }: { visitor: Visitor }) {
  return (
    <nav aria-label="Site" className="site-navigation">
      <a href="/archive">Archive</a>
      {visitor === "stranger" && <a href="/sign-in">Sign in</a>}
      {visitor === "stranger" && (
        <a href="/subscribe" className="site-navigation-main">
          Subscribe
        </a>
      )}
      {visitor === "author" && <a href="/admin">Desk</a>}
      {visitor !== "stranger" && <a href="/account">Account</a>}
    </nav>
  );
}

function SiteFoot({ publication, visitor }: { publication: ShellPublication; visitor: Visitor }) {
  return (
    <footer className="site-foot">
      <div>
        <p className="site-foot-name">{publication.name}</p>
        <p lang={publication.language}>{publication.tagline}</p>
        <p>Written by {publication.authorName}</p>
      </div>
      <nav aria-label="Foot of the page">
        <a href="/archive">Archive</a>
        <a href="/feed.xml">RSS feed</a>
        <a href="/gift">Give a membership</a>
        {visitor === "stranger" ? <a href="/sign-in">Sign in</a> : <a href="/account">Account</a>}
      </nav>
    </footer>
  );
}

/** A page of forms and short answers: one narrow column under a title. */
export function NarrowPage({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="narrow-page">
      <h1>{title}</h1>
      {lead && <p className="narrow-page-lead">{lead}</p>}
      {children}
    </div>
  );
}
