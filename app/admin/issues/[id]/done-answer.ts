import type { NoticeTone } from "@/app/_components/notice";
import type { SendingProgress } from "@/lib/deliveries/progress";
import type { DeskIssue } from "@/lib/issues/desk-queries";
import { canSchedule } from "@/lib/issues/schedule";

type Answer = { tone: NoticeTone; words: string };
type Standing = { issue: DeskIssue["issue"]; progress: SendingProgress };

/**
 * What an action did, as an issue's page says it, or null where that is over: the page may be drawn again much later, or
 * another tab may have come between. Pure.
 */
export function doneAnswer(done: string, standing: Standing): Answer | null {
  const { issue } = standing;
  switch (done) {
    case "scheduled":
      if (issue.state === "PUBLISHED" && !canSchedule(issue))
        return good(isOnItsWay(standing), "It goes out now.");
      return good(issue.scheduledFor !== null, "Scheduled. You can take it back until it goes out.");
    case "taken-back":
      return good(
        canSchedule(issue) && issue.scheduledFor === null,
        "Taken back. It goes to nobody for now.",
      );
    case "published":
      return good(issue.state === "PUBLISHED", "The page is published.");
    case "withdrawn":
      return good(
        issue.withdrawnAt !== null,
        waitingFor(standing) > 0
          ? "Withdrawn. Its page is gone, and mail that still waited is paused."
          : "Withdrawn. Its page is gone.",
      );
    case "restored":
      return good(issue.state === "PUBLISHED", restoredWords(standing));
    case "test-mailed":
      return good(true, "The test mail is on its way to you.");
    case "not-restored":
      return bad("That revision could not be restored: the issue was saved meanwhile. Try again.");
    case "meanwhile":
      return bad(
        "Nothing was done: this issue had changed since you opened its page. Here it is as it stands now.",
      );
    default:
      return answerOfSending(done, standing);
  }
}

function answerOfSending(done: string, { issue, progress }: Standing): Answer | null {
  const { stage } = progress;
  switch (done) {
    case "paused":
      return good(stage === "paused", "Paused. Messages in flight are finished first.");
    case "nothing-to-pause":
      return good(stage === "finished", "There was nothing left to pause.");
    case "resumed":
      if (issue.withdrawnAt !== null)
        return bad("Nothing is sent while the issue is withdrawn. Put it back into the archive first.");
      return good(stage === "sending" || stage === "waiting", "Sending goes on.");
    case "resolved":
      return good(true, "Your decision is taken.");
    case "nothing-to-resolve":
      return good(true, "There was nothing left to decide.");
    case "missed":
      if (stage === "paused") return good(true, "It goes to those who were missed, too, once you go on.");
      return good(
        true,
        stage === "finished"
          ? "It went to those who were missed, too."
          : "It goes to those who were missed, too.",
      );
    case "nobody-missed":
      return good(true, "Nobody was left who had missed it. Nothing more is sent.");
    default:
      return null;
  }
}

function restoredWords(standing: Standing): string {
  const isHeld = standing.issue.sendingPausedAt !== null;
  const waiting = waitingFor(standing);
  if (!isHeld || (waiting === 0 && standing.progress.stage !== "not-started"))
    return "It is back in the archive.";
  const who =
    waiting === 0
      ? "Its readers still wait"
      : `${waiting.toLocaleString("en")} ${waiting === 1 ? "reader still waits" : "readers still wait"}`;
  return `It is back in the archive, and nobody was mailed by that. ${who} for the mail until you press “Go on sending”.`;
}

function isOnItsWay({ progress: { stage } }: Standing): boolean {
  return stage === "not-started" || stage === "sending" || stage === "waiting";
}

function waitingFor({ progress }: Standing): number {
  return progress.stage === "not-started" ? 0 : progress.open;
}

function good(isTrue: boolean, words: string): Answer | null {
  return isTrue ? { tone: "success", words } : null;
}

function bad(words: string): Answer {
  return { tone: "problem", words };
}
