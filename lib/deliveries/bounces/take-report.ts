/**
 * What becomes of one mail at an address for reports. Believes only what this installation made itself: a return
 * address with its mark, or, for a complaint, the Message-ID of one mail. Who the mail says it is from means nothing.
 * May run twice. Answers nobody.
 */
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import { readReturnPath } from "@/lib/mail/return-path";
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
          { about: { deliveryId: addressed }, source: "dsn", complaint: false, code: null, status, words },
          { now },
        )
      : "not ours";
  }
  if (report.kind === "complaint") {
    const deliveryId = addressed ?? (await findComplained(db, report));
    taken = deliveryId
      ? await recordBounce(db, { about: { deliveryId }, source: "arf", complaint: true }, { now })
      : "not ours";
  }
  const outcome = typeof taken === "string" ? taken : taken.kind;
  log.info({ event: "deliveries.report-taken", report: report.kind, outcome });
  return taken;
}

/** By the envelope that the report quotes, else by the Message-ID, which nobody can guess either. */
async function findComplained(
  db: Database,
  report: { returnPaths: string[]; messageId: string | null },
): Promise<bigint | null> {
  for (const address of report.returnPaths) {
    const deliveryId = readReturnPath(address);
    if (deliveryId) return deliveryId;
  }
  return report.messageId ? findByMessageId(db, report.messageId) : null;
}

/** Null for an identifier that no delivery has; with or without its angle brackets. */
export async function findByMessageId(db: Database, messageId: string): Promise<bigint | null> {
  const [bare] = /[^\s<>]{3,250}/.exec(messageId) ?? [];
  if (!bare) return null;
  const delivery = await db.delivery.findFirst({
    where: { issueId: bare.split(".", 1)[0] ?? "", messageId: `<${bare}>` },
    select: { id: true },
  });
  return delivery?.id ?? null;
}
