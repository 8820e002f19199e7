/**
 * Keeps one report about mail that came back, or about a complaint, and closes the address once that is due, unless it is
 * an author's, who could not sign in to the desk any more. May run twice with the same report: it counts once. Believes
 * whoever calls, so callers pass only what they matched by an address or identifier of our own making, or what a provider
 * signed.
 */
import { isAuthorAddress } from "@/lib/auth/authors";
import { type Database, databaseNow } from "@/lib/db";
import { log, maskPersonalText } from "@/lib/log";
import type { Returned } from "@/lib/mail/return-path";
import { suppress } from "@/lib/subscribers/suppress";
import { unsubscribe } from "@/lib/subscribers/unsubscribe";
import type { BounceKind } from "@/prisma/generated/enums";
import { LEDGER_ROWS } from "../ledger-rows";
import { classify, type Refused } from "./classify";
import { type Verdict, verdictOn } from "./score";

export type BounceReport = {
  /** The delivery or notice it is about, or the person where a provider names nobody's mail but their address. */
  about: Returned | { subscriberId: string; key: string };
  /** smtp for the answer while sending, dsn, arf, or the provider's name. */
  source: string;
} & ({ complaint: true } | ({ complaint: false } & Refused));

export type Recorded =
  /** Kept, or known already; `closed` says whether the address is not mailed any more by it. */
  | { kind: BounceKind; closed: Verdict }
  /** No such mail, or its person was erased or has another address by now. */
  | "unknown"
  /** Says nothing that counts, such as a success. */
  | "nothing";

const WORDS = 300;

export async function recordBounce(
  db: Database,
  report: BounceReport,
  { now }: { now: Date },
): Promise<Recorded> {
  const classified = report.complaint ? { kind: "COMPLAINT" as const, status: null } : classify(report);
  if (!classified) return "nothing";
  const { kind, status } = classified;
  const subject = await findSubject(db, report.about);
  if (!subject) return "unknown";
  const { subscriberId, deliveryId, email } = subject;
  const closed = await db.$transaction(async (tx) => {
    // Two reports about one person, in two processes, are weighed one after the other.
    await tx.$queryRaw`SELECT 1 FROM "Subscriber" WHERE id = ${subscriberId} FOR UPDATE`;
    await tx.bounce.createMany({
      data: [
        {
          subscriberId,
          deliveryId,
          kind,
          status,
          source: report.source,
          words: report.complaint || !report.words ? null : maskPersonalText(report.words).slice(0, WORDS),
          reportKey: subject.keyOf(kind),
          at: now,
        },
      ],
      skipDuplicates: true,
    });
    const counted = await tx.bounce.findMany({ where: { subscriberId, forgivenAt: null } });
    return verdictOn(counted, now);
  });
  log.info({ event: "deliveries.bounced", subscriberId, kind, status, source: report.source });
  if (closed && (await isAuthorAddress(db, email))) {
    log.warn({ event: "deliveries.author-bounces", subscriberId, kind }, "an author's address stays open");
    return { kind, closed: null };
  }
  if (closed === "complained") await unsubscribe(db, subscriberId, { now });
  if (closed) await suppress(db, { email, reason: closed }, { now });
  return { kind, closed };
}

async function findSubject(db: Database, about: BounceReport["about"]) {
  if ("subscriberId" in about) {
    const { subscriberId, key } = about;
    const person = await db.subscriber.findUnique({ where: { id: subscriberId }, select: { email: true } });
    return person && { subscriberId, deliveryId: null, email: person.email, keyOf: () => key };
  }
  if ("noticeId" in about) return findReaderOfNotice(db, about.noticeId);
  const [delivery] = await db.$queryRaw<{ subscriberId: string; email: string; attempt: number }[]>`
    SELECT r."subscriberId", s.email, r.attempt FROM ${LEDGER_ROWS} r JOIN "Subscriber" s ON s.id = r."subscriberId"
    WHERE r.id = ${about.deliveryId}`;
  // What was never tried cannot have come back.
  if (!delivery || delivery.attempt === 0) return null;
  const { subscriberId, email } = delivery;
  const { deliveryId } = about;
  return { subscriberId, deliveryId, email, keyOf: (kind: BounceKind) => `${deliveryId}:${kind}` };
}

async function findReaderOfNotice(db: Database, noticeId: string) {
  const notice = await db.notice.findUnique({
    where: { id: noticeId },
    select: { subscriberId: true, email: true, attempt: true, subscriber: { select: { email: true } } },
  });
  if (!notice?.subscriberId || notice.attempt === 0 || notice.subscriber?.email !== notice.email) return null;
  const { subscriberId, email } = notice;
  return { subscriberId, deliveryId: null, email, keyOf: (kind: BounceKind) => `notice:${noticeId}:${kind}` };
}

/**
 * Of a mail that the mail server refused for good while sending. Never throws: the ledger or outbox holds the answer.
 * Without `now` the moment is the database's.
 */
export async function recordRefusal(
  db: Database,
  refusal: Returned & Refused,
  options: { now?: Date } = {},
): Promise<void> {
  const { code, status, words } = refusal;
  const about = "noticeId" in refusal ? { noticeId: refusal.noticeId } : { deliveryId: refusal.deliveryId };
  try {
    const report = { about, source: "smtp", complaint: false, code, status, words } as const;
    await recordBounce(db, report, { now: options.now ?? (await databaseNow(db)) });
  } catch (error) {
    log.error({ event: "deliveries.bounce-not-kept", about: Object.values(about).map(String), error });
  }
}
