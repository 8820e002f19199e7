import { connection } from "next/server";
import type { ReactNode } from "react";
import { accentVariables } from "@/app/_components/accent";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getPublication } from "@/lib/publication/queries";
import "./charts.css";
import "./desk.css";
import "./dialog.css";
import { Shortcuts } from "./shortcuts";

export type DeskPlace =
  | "week"
  | "issues"
  | "snippets"
  | "subscribers"
  | "members"
  | "settings"
  | "import"
  | "health";

const PLACES: { place: DeskPlace; href: string; label: string }[] = [
  { place: "week", href: "/admin", label: "This week" },
  { place: "issues", href: "/admin/issues", label: "Issues" },
  { place: "snippets", href: "/admin/snippets", label: "Snippets" },
  { place: "subscribers", href: "/admin/subscribers", label: "Subscribers" },
  { place: "members", href: "/admin/members", label: "Members" },
  { place: "import", href: "/admin/import", label: "Import" },
  { place: "settings", href: "/admin/settings", label: "Settings" },
  { place: "health", href: "/admin/health", label: "Health" },
];

/** The frame of every page of the desk. It asks for the author itself, so that no page can forget to. */
export async function DeskPage({
  place,
  title,
  actions,
  children,
}: {
  place: DeskPlace;
  title: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  await connection();
  await requireAuthor();
  const publication = await getPublication(getDatabase());
  return (
    <div className="publication desk" style={accentVariables(publication.accentColor)}>
      <a href="#main" className="skip-link">
        Skip to the page
      </a>
      <header className="desk-bar">
        <a href="/admin" className="desk-name">
          {publication.name}
        </a>
        <nav aria-label="Desk" className="desk-navigation">
          {PLACES.map((entry) => (
            <a
              key={entry.place}
              href={entry.href}
              {...(entry.place === place && { "aria-current": "page" as const })}
            >
              {entry.label}
            </a>
          ))}
          <a href="/">The site</a>
        </nav>
      </header>
      <main id="main" tabIndex={-1} className="desk-main">
        <div className="desk-head">
          <h1>{title}</h1>
          {actions && <div className="desk-actions">{actions}</div>}
        </div>
        {children}
      </main>
      <Shortcuts />
    </div>
  );
}
