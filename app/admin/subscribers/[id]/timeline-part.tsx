import { DeskTable } from "@/app/admin/_desk/desk-table";
import { shortMoment } from "@/app/admin/_desk/moment";
import { addressWith, Paging } from "@/app/admin/_desk/paging";
import { getDatabase } from "@/lib/db";
import { listCutIssues } from "@/lib/deliveries/free-part";
import { readTimeline } from "@/lib/memberships/timeline";
import type { PublicationSettings } from "@/lib/publication/queries";
import { MomentDetail, MomentState, MomentWhat } from "./timeline-moment";

/** Everything that happened with this person: Stripe's events, changes, payments, mail. */
export async function TimelinePart({
  subscriberId,
  page,
  publication,
}: {
  subscriberId: string;
  page: number;
  publication: PublicationSettings;
}) {
  const db = getDatabase();
  const timeline = await readTimeline(db, subscriberId, { page });
  const cut = await listCutIssues(
    db,
    timeline.moments.flatMap((moment) => (moment.kind === "issue" ? [moment.issueId] : [])),
  );
  return (
    <section className="desk-panel" aria-labelledby="timeline-title">
      <h2 id="timeline-title">
        What happened <span className="desk-soft">{timeline.total.toLocaleString("en")}</span>
      </h2>
      {timeline.moments.length === 0 ? (
        <p className="desk-soft">Nothing was mailed to this person yet, and nothing was paid.</p>
      ) : (
        <DeskTable
          label="What happened with this person"
          stacks
          rows={timeline.moments}
          keyOf={(moment) => `${moment.kind} ${moment.id}`}
          columns={[
            { head: "When", look: "whitespace-nowrap", cell: ({ at }) => shortMoment(at, publication) },
            {
              head: "What",
              cell: (moment) => <MomentWhat moment={moment} publication={publication} cut={cut} />,
            },
            { head: "State", cell: (moment) => <MomentState moment={moment} /> },
            {
              head: "Detail",
              look: "wide",
              cell: (moment) => <MomentDetail moment={moment} publication={publication} />,
            },
          ]}
        />
      )}
      <Paging
        page={timeline.page}
        pageCount={timeline.pageCount}
        total={timeline.total}
        hrefFor={(number) => addressWith(`/admin/subscribers/${subscriberId}`, { page: number })}
      />
    </section>
  );
}
