import type { Metadata } from "next";
import { ButtonLink } from "@/app/_components/button";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { LineChart } from "@/app/admin/_desk/line-chart";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { confirmedByWeek, countAudience, listOnDesk } from "@/lib/issues/desk-queries";
import { nextSlot } from "@/lib/issues/weekly-slot";
import { formatDate, formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { LastSent } from "./_desk/last-sent";

export const instant = false;
export const metadata: Metadata = { title: "This week" };

const WEEKS = 12;

export default async function WeekPage() {
  await requireAuthor("/admin");
  const db = getDatabase();
  const now = new Date();
  const [publication, audience, growth, scheduled, drafts] = await Promise.all([
    getPublication(db),
    countAudience(db),
    confirmedByWeek(db, { now, weeks: WEEKS }),
    listOnDesk(db, { shelf: "scheduled" }),
    listOnDesk(db, { shelf: "drafts" }),
  ]);
  const slot = nextSlot(now, publication);
  const upcoming = scheduled.issues[0];
  const draft = drafts.issues[0];
  return (
    <DeskPage place="week" title="This week">
      <div className="desk-grid">
        <section className="desk-panel" aria-labelledby="slot-title">
          <h2 id="slot-title">Next slot</h2>
          <p className="desk-figure">{formatDate(slot, publication)}</p>
          <p className="desk-soft mb-3">{formatMoment(slot, publication)}</p>
          {upcoming?.scheduledFor ? (
            <p>
              <a href={`/admin/issues/${upcoming.id}`} className="font-medium">
                {upcoming.title}
              </a>{" "}
              goes out {formatMoment(upcoming.scheduledFor, publication)}.
            </p>
          ) : (
            <EmptySlot draft={draft ? { id: draft.id, title: draft.title } : null} />
          )}
        </section>
        <section className="desk-panel" aria-labelledby="readers-title">
          <h2 id="readers-title">Readers</h2>
          <p className="desk-figure">{audience.confirmed.toLocaleString("en")}</p>
          <p className="desk-soft mb-2">confirmed, {audience.members.toLocaleString("en")} of them members</p>
          <LineChart
            label={`Confirmed subscribers over the last ${WEEKS} weeks`}
            points={growth.map((week) => ({
              name: formatDate(week.weekStart, publication),
              value: week.total,
            }))}
          />
        </section>
        <LastSent publication={publication} />
      </div>
    </DeskPage>
  );
}

function EmptySlot({ draft }: { draft: { id: string; title: string } | null }) {
  return (
    <>
      <p className="mb-3">Nothing is scheduled for it yet.</p>
      {draft ? (
        <ButtonLink href={`/admin/issues/${draft.id}/edit`}>
          Go on with “{draft.title || "Untitled"}”
        </ButtonLink>
      ) : (
        <ButtonLink href="/admin/issues">Start an issue</ButtonLink>
      )}
    </>
  );
}
