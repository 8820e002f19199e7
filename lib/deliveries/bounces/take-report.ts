/**
 * What becomes of one mail at an address for reports. Believes only what this installation made itself: a return
 * address with its mark, or, for a complaint, the Message-ID of one mail. Who the mail says it is from means nothing.
 * May run twice. Answers nobody.
 */
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import { type Returned, readReturnPath } from "@/lib/mail/return-path";
import { findPastByMessageId } from "../message-ids";
import { readReport } from "./read-report";
import { type Recorded, recordBounce } from "./record-bounce";

export type Taken = Recorded | "not ours";

export async function takeReport(
  db: Database,
  mail: { to: string; source: Buffer },
  { now }: { now: Date },
): Promise<Taken> {
  const report = await readReport(mail.source);
  const addressed = readReturnPath(mail.to);
  let taken: Taken = "nothing";
  if (report.kind === "failure") {
    const { status, words } = report;
    taken = addressed
      ? await recordBounce(
          db,
          { about: addressed, source: "dsn", complaint: false, code: null, status, words },
          { now },
        )
      : "not ours";
  }
  if (report.kind === "complaint") {
    const about = addressed ?? (await findComplained(db, report));
    taken = about ? await recordBounce(db, { about, source: "arf", complaint: true }, { now }) : "not ours";
  }
  if (report.kind === "nothing" && report.because === "unreadable") {
    const { reason } = report;
    log.warn({ event: "deliveries.report-unreadable", reason, bytes: mail.source.length });
  }
  const outcome = typeof taken === "string" ? taken : taken.kind;
  log.info({ event: "deliveries.report-taken", report: report.kind, outcome });
  return taken;
}

/** By the envelope that the report quotes, else by the Message-ID, which nobody can guess either. */
async function findComplained(
  db: Database,
  report: { returnPaths: string[]; messageId: string | null },
): Promise<Returned | null> {
  for (const address of report.returnPaths) {
    const returned = readReturnPath(address);
    if (returned) return returned;
  }
  return report.messageId ? findByMessageId(db, report.messageId) : null;
}

/** What an identifier of ours is made of: printable ASCII (RFC 5322 3.6.4), never the NUL that Postgres refuses. */
const IDENTIFIER = /[!-;=?-~]{3,250}/;

/** Null for an identifier that no mail of ours has; with or without its angle brackets. */
export async function findByMessageId(db: Database, messageId: string): Promise<Returned | null> {
  const [bare] = IDENTIFIER.exec(messageId) ?? [];
  if (!bare) return null;
  const [issueId = ""] = bare.split(".", 1);
  if (issueId === "notice") {
    const notice = await db.notice.findUnique({ where: { messageId: `<${bare}>` }, select: { id: true } });
    return notice && { noticeId: notice.id };
  }
  const delivery = await db.delivery.findFirst({
    where: { issueId, messageId: `<${bare}>` },
    select: { id: true },
  });
  if (delivery) return { deliveryId: delivery.id };
  const past = await findPastByMessageId(db, issueId, bare);
  return past === null ? null : { deliveryId: past };
}
