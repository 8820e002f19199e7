import type { Metadata } from "next";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { requireAuthor } from "@/lib/auth/viewer";
import { IssuesForm, ListForm } from "./import-forms";

export const instant = false;
export const metadata: Metadata = { title: "Import" };

export default async function ImportPage() {
  await requireAuthor("/admin/import");
  return (
    <DeskPage place="import" title="Import">
      <div className="desk-grid">
        <section className="desk-panel" aria-labelledby="issues-title">
          <h2 id="issues-title">Issues</h2>
          <p className="desk-soft mb-3">
            Importing the same file again changes nothing. Nothing imported is mailed.
          </p>
          <IssuesForm />
        </section>
        <section id="list" className="desk-panel" aria-labelledby="list-title">
          <h2 id="list-title">Subscribers</h2>
          <p className="desk-soft mb-3">Nobody is mailed, and nobody who left or bounced comes back.</p>
          <ListForm />
          <p className="mt-4">
            Did they pay there? <a href="/admin/import/members">Move members in</a> with their Stripe
            subscriptions.
          </p>
        </section>
      </div>
    </DeskPage>
  );
}
