import { ButtonLink } from "@/app/_components/button";
import { startIssueAction } from "@/app/admin/issues/actions";
import { getDatabase } from "@/lib/db";
import type { Audience } from "@/lib/issues/audience";
import { type DeskIssue, getOnDesk, listOnDesk } from "@/lib/issues/desk-queries";
import { waitsForAuthor } from "@/lib/issues/missed-moment";
import { nextSlot } from "@/lib/issues/weekly-slot";
import { formatMoment } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import { StartButton } from "./start-button";

/** The week's state in one strip: when, what, whether it is ready, and to whom it goes. */
export async function NextSlot({
  publication,
  audience,
  now,
}: {
  publication: PublicationSettings;
  audience: Audience;
  now: Date;
}) {
  const db = getDatabase();
  const [scheduled, drafts] = await Promise.all([
    listOnDesk(db, { shelf: "scheduled" }),
    listOnDesk(db, { shelf: "drafts" }),
  ]);
  const upcoming = scheduled.issues.find((issue) => waitsForAuthor(issue, now, publication) === null);
  const shown = upcoming ?? drafts.issues.find((issue) => issue.withdrawnAt === null);
  const desk = shown ? await getOnDesk(db, shown.id) : null;
  const moment = upcoming?.scheduledFor ?? nextSlot(now, publication);
  return (
    <section className="desk-panel desk-strip" aria-labelledby="slot-title">
      <div>
        <h2 id="slot-title">{upcoming ? "Goes out" : "Next slot"}</h2>
        <p className="desk-figure">{timeLeft(moment, now)}</p>
        <p className="desk-soft">{formatMoment(moment, publication)}</p>
      </div>
      <div>
        <h2>{upcoming ? "Scheduled" : "Nothing is scheduled yet"}</h2>
        {desk ? (
          <IssueState desk={desk} isScheduled={upcoming !== undefined} />
        ) : (
          <StartButton action={startIssueAction} />
        )}
        {scheduled.total > 1 && (
          <p className="mt-2">
            <a href="/admin/issues?shelf=scheduled">{scheduled.total - 1} more scheduled after it</a>
          </p>
        )}
      </div>
      <div>
        <h2>Audience</h2>
        <p className="desk-figure">{audience.confirmed.toLocaleString("en")}</p>
        <p className="desk-soft">
          {audience.members.toLocaleString("en")} {audience.members === 1 ? "gets" : "get"} it whole,{" "}
          {(audience.confirmed - audience.members).toLocaleString("en")} the free part of a members’ issue
        </p>
      </div>
    </section>
  );
}

function IssueState({ desk: { issue, findings }, isScheduled }: { desk: DeskIssue; isScheduled: boolean }) {
  const stops = findings.filter((finding) => finding.level === "stop").length;
  const looks = findings.length - stops;
  return (
    <>
      <p className="font-medium">
        <a href={`/admin/issues/${issue.id}`}>{issue.title || "Untitled"}</a>
      </p>
      <p className={stops > 0 ? "desk-finding-stop" : "desk-soft"}>
        {stops > 0 ? `Not ready: ${stops} to mend` : "Ready"}
        {looks > 0 && `, ${looks} to look at`}
      </p>
      {!isScheduled && (
        <div className="mt-3 flex flex-wrap gap-2">
          <ButtonLink href={`/admin/issues/${issue.id}/edit`}>Go on writing</ButtonLink>
          <ButtonLink tone="quiet" href={`/admin/issues/${issue.id}`}>
            Schedule
          </ButtonLink>
        </div>
      )}
    </>
  );
}

/** `2 days 21 h`, `3 h 5 min`: the two largest parts. */
function timeLeft(moment: Date, now: Date): string {
  const minutes = Math.max(0, Math.round((moment.getTime() - now.getTime()) / 60_000));
  const days = Math.floor(minutes / 1_440);
  const hours = Math.floor((minutes % 1_440) / 60);
  if (days > 0) return `in ${days} ${days === 1 ? "day" : "days"}${hours > 0 ? ` ${hours} h` : ""}`;
  if (hours > 0) return `in ${hours} h ${minutes % 60} min`;
  return minutes === 0 ? "now" : `in ${minutes} min`;
}
