import type { ReactNode } from "react";
import { buttonClass } from "./button";
import { CONTROL_CLASS } from "./field";
import "./page-shell.css";
import { NarrowPage } from "./page-shell";

/** For pages that stand when nothing else does: no settings, no database, and still a way on. */
export function LostPage({ title, lead, children }: { title: string; lead: string; children?: ReactNode }) {
  return (
    <div className="page">
      <main id="main">
        <NarrowPage title={title} lead={lead}>
          {children}
          <search>
            <form action="/archive" className="flex gap-2.5">
              <label htmlFor="search" className="sr-only">
                Search the archive
              </label>
              <input
                id="search"
                type="search"
                name="q"
                maxLength={200}
                placeholder="Search the archive"
                className={CONTROL_CLASS}
              />
              <button type="submit" className={buttonClass("quiet")}>
                Search
              </button>
            </form>
          </search>
          <p className="flex gap-6">
            <a href="/">Front page</a>
            <a href="/archive">Archive</a>
          </p>
        </NarrowPage>
      </main>
    </div>
  );
}
