"use client";

import { LostPage } from "./_components/lost-page";
import "./globals.css";

/** Stands in for the whole document when even the root layout failed. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <title>Something broke</title>
        <LostPage
          title="Something broke on our side"
          lead="It is not your doing, and nothing was lost. Load the page again in a moment."
        >
          {error.digest && <p className="text-sm text-ink-soft">Reference: {error.digest}</p>}
        </LostPage>
      </body>
    </html>
  );
}
