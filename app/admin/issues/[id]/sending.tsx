import { LiveProgress } from "@/app/admin/_desk/live-progress";
import {
  leaveUncertainAction,
  pauseAction,
  resendUncertainAction,
  resumeAction,
  sendToMissedAction,
} from "@/app/admin/issues/actions";
import { IssueActionForm } from "@/app/admin/issues/issue-forms";
import { databaseNow, getDatabase } from "@/lib/db";
import type { SendingProgress } from "@/lib/deliveries/progress";
import { getSendingProgress } from "@/lib/deliveries/queries";
import { countMissed } from "@/lib/deliveries/send-to-missed";
import type { DeskIssue } from "@/lib/issues/desk-queries";
import { Ledger, type LedgerQuery } from "./ledger";

/** How the sending of this issue goes, from the moment it is due, and its ledger. */
export async function Sending({ issue, search }: { issue: DeskIssue["issue"]; search: LedgerQuery }) {
  const db = getDatabase();
  const now = await databaseNow(db);
  const progress = await getSendingProgress(db, issue.id, { now });
  if (progress.stage === "not-started" && !isAboutToBegin(issue, now)) return null;
  return (
    <section className="desk-panel" aria-labelledby="sending-title">
      <h2 id="sending-title">Sending</h2>
      <div className="grid grid-cols-1 gap-4">
        <LiveProgress issueId={issue.id} drawn={progress} />
        {progress.stage !== "not-started" && (
          <>
            <Controls issueId={issue.id} progress={progress} isWithdrawn={issue.withdrawnAt !== null} />
            <MissedReaders issueId={issue.id} now={now} />
            <Ledger
              issueId={issue.id}
              query={search}
              counts={progress.counts}
              paused={progress.stage === "paused"}
            />
          </>
        )}
      </div>
    </section>
  );
}

/** Nobody is mailed who has the issue, who left, or whose address was refused for good. */
async function MissedReaders({ issueId, now }: { issueId: string; now: Date }) {
  const missed = await countMissed(getDatabase(), issueId, { now });
  if (!missed || missed.newcomers + missed.retryable === 0) return null;
  const { newcomers, retryable } = missed;
  const words = [
    newcomers > 0 && `${readers(newcomers)} came after this issue was sent`,
    retryable > 0 && `${readers(retryable)} did not get it for a reason that may have passed`,
  ].filter(Boolean);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p className="w-full">{words.join("; ")}.</p>
      <IssueActionForm
        action={sendToMissedAction}
        issueId={issueId}
        label={`Send it to ${newcomers + retryable === 1 ? "this reader" : `these ${(newcomers + retryable).toLocaleString("en")}`}`}
        confirm={{ question: "Nobody who has this issue gets it again.", yes: "Send it to them now" }}
      />
    </div>
  );
}

function readers(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "reader" : "readers"}`;
}

/** Due, or published a moment ago with its audience not yet written. */
function isAboutToBegin(issue: DeskIssue["issue"], now: Date): boolean {
  if (issue.scheduledFor) return issue.scheduledFor <= now;
  return issue.kind === "ISSUE" && issue.state === "PUBLISHED" && issue.sendsMail;
}

function Controls({
  issueId,
  progress,
  isWithdrawn,
}: {
  issueId: string;
  progress: Exclude<SendingProgress, { stage: "not-started" }>;
  isWithdrawn: boolean;
}) {
  const uncertain = progress.counts.UNCERTAIN;
  return (
    <div className="flex flex-wrap gap-2 empty:hidden">
      {(progress.stage === "sending" || progress.stage === "waiting") && (
        <IssueActionForm action={pauseAction} issueId={issueId} label="Pause sending" />
      )}
      {progress.stage === "paused" && !isWithdrawn && (
        <IssueActionForm action={resumeAction} issueId={issueId} label="Go on sending" tone="primary" />
      )}
      {uncertain > 0 && (
        <>
          <p className="w-full">
            Of {uncertain.toLocaleString("en")} {uncertain === 1 ? "message" : "messages"} nobody can know
            whether the mail server took {uncertain === 1 ? "it" : "them"}: the answer to{" "}
            {uncertain === 1 ? "its" : "their"} last byte never came.
          </p>
          <IssueActionForm
            action={resendUncertainAction}
            issueId={issueId}
            label="Mail the uncertain again"
          />
          <IssueActionForm action={leaveUncertainAction} issueId={issueId} label="Leave the uncertain" />
        </>
      )}
    </div>
  );
}
