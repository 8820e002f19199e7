import type { Metadata } from "next";
import { Notice } from "@/app/_components/notice";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { listHeldSendings } from "@/lib/installation/restore";
import { countAudience, countMembers, readersByWeek } from "@/lib/issues/audience";
import { listUndecided } from "@/lib/issues/desk-queries";
import { findEmptySlot } from "@/lib/issues/empty-slot";
import { formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { LastSendings } from "./_desk/last-sendings";
import { MembersPanel } from "./_desk/members-panel";
import { NextSlot } from "./_desk/next-slot";
import { ReadersPanel } from "./_desk/readers-panel";
import { Undecided } from "./_desk/undecided";

export const instant = false;
export const metadata: Metadata = { title: "This week" };

const WEEKS = 12;

export default async function WeekPage() {
  await requireAuthor("/admin");
  const db = getDatabase();
  const now = new Date();
  const [publication, audience, members, growth, undecided, held, emptySlot] = await Promise.all([
    getPublication(db),
    countAudience(db, { now }),
    countMembers(db, { now }),
    readersByWeek(db, { now, weeks: WEEKS }),
    listUndecided(db, { now }),
    listHeldSendings(db),
    findEmptySlot(db, { now }),
  ]);
  return (
    <DeskPage place="week" title="This week">
      <div className="grid gap-4">
        {undecided.map((issue) => (
          <Undecided key={issue.id} issue={issue} publication={publication} now={now} />
        ))}
        {held.length > 0 && (
          <Notice tone="problem" title="A backup was restored, or this installation moved">
            <p>
              Sending is on hold: what went out before may not be known here, and would go out again. Look at
              each, and let it go on or leave it:
            </p>
            <ul className="mt-2">
              {held.map(({ id, title }) => (
                <li key={id}>
                  <a href={`/admin/issues/${id}`}>{title || "Untitled"}</a>
                </li>
              ))}
            </ul>
          </Notice>
        )}
        {emptySlot && (
          <Notice title="The next slot is empty">
            <p>
              It is {formatMoment(emptySlot, publication)}, and your readers are used to an issue. If you skip
              this week, there is nothing to do.
            </p>
          </Notice>
        )}
        <NextSlot publication={publication} audience={audience} now={now} />
        <LastSendings publication={publication} />
        <div className="desk-grid">
          <ReadersPanel confirmed={audience.confirmed} growth={growth} publication={publication} />
          <MembersPanel members={members} publication={publication} />
        </div>
      </div>
    </DeskPage>
  );
}
