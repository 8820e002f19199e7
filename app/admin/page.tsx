import type { Metadata } from "next";
import { DeskPage } from "@/app/admin/_desk/desk-page";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { countAudience, countMembers, readersByWeek } from "@/lib/issues/audience";
import { getPublication } from "@/lib/publication/queries";
import { LastSendings } from "./_desk/last-sendings";
import { MembersPanel } from "./_desk/members-panel";
import { NextSlot } from "./_desk/next-slot";
import { ReadersPanel } from "./_desk/readers-panel";

export const instant = false;
export const metadata: Metadata = { title: "This week" };

const WEEKS = 12;

export default async function WeekPage() {
  await requireAuthor("/admin");
  const db = getDatabase();
  const now = new Date();
  const [publication, audience, members, growth] = await Promise.all([
    getPublication(db),
    countAudience(db, { now }),
    countMembers(db, { now }),
    readersByWeek(db, { now, weeks: WEEKS }),
  ]);
  return (
    <DeskPage place="week" title="This week">
      <div className="grid gap-4">
        <NextSlot publication={publication} audience={audience} now={now} />
        <LastSendings publication={publication} now={now} />
        <div className="desk-grid">
          <ReadersPanel confirmed={audience.confirmed} growth={growth} publication={publication} />
          <MembersPanel members={members} publication={publication} />
        </div>
      </div>
    </DeskPage>
  );
}
