import { restoreRevisionAction } from "@/app/admin/issues/actions";
import { getDatabase } from "@/lib/db";
import { listRevisions } from "@/lib/issues/revisions";
import { formatMoment } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";

/** Earlier states, newest first; bringing one back keeps the present one. */
export async function Revisions({
  issueId,
  publication,
}: {
  issueId: string;
  publication: PublicationSettings;
}) {
  const revisions = await listRevisions(getDatabase(), issueId);
  return (
    <section className="desk-panel" aria-labelledby="revisions-title">
      <h2 id="revisions-title">Revisions</h2>
      {revisions.length === 0 ? (
        <p className="desk-soft">None yet. One is kept every few minutes while you write.</p>
      ) : (
        <ul className="grid max-h-72 gap-2 overflow-y-auto">
          {revisions.map((revision) => (
            <li key={revision.id} className="flex flex-wrap items-center justify-between gap-2">
              <span>
                {formatMoment(revision.createdAt, publication)}
                <span className="desk-soft"> · {revision.words.toLocaleString("en")} words</span>
              </span>
              <form action={restoreRevisionAction}>
                <input type="hidden" name="issueId" value={issueId} />
                <input type="hidden" name="revisionId" value={revision.id} />
                <button
                  type="submit"
                  className="desk-quiet"
                  aria-label={`Bring back version ${revision.version}`}
                >
                  Bring back
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
