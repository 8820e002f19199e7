import { getDatabase } from "@/lib/db";
import { getLastSentIssue, getSendingProgress } from "@/lib/deliveries/queries";
import { formatMoment } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { ProgressBar } from "./progress-bar";

/** The last issue that was mailed, and how far it came. */
export async function LastSent({ publication }: { publication: PublicationSettings }) {
  const db = getDatabase();
  const issue = await getLastSentIssue(db);
  return (
    <section className="desk-panel" aria-labelledby="last-title">
      <h2 id="last-title">Last sending</h2>
      {issue ? (
        <>
          <p className="mb-2">
            <a href={`/admin/issues/${issue.id}`} className="font-medium">
              {issue.title}
            </a>
            <span className="desk-soft"> · {formatMoment(issue.audienceFrozenAt, publication)}</span>
          </p>
          <ProgressBar progress={await getSendingProgress(db, issue.id, { now: new Date() })} />
        </>
      ) : (
        <p className="desk-soft">Nothing was mailed yet.</p>
      )}
    </section>
  );
}
