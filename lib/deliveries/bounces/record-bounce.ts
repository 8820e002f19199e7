/**
 * Keeps one report about mail that came back, or about a complaint, and closes the address once that is due. May run
 * twice with the same report: it counts once. Believes whoever calls, so callers pass only what they matched by an
 * address or identifier of our own making, or what a provider signed.
 */
import type { Database } from "@/lib/db";
import { log, maskPersonalText } from "@/lib/log";
import { suppress } from "@/lib/subscribers/suppress";
import { unsubscribe } from "@/lib/subscribers/unsubscribe";
import type { BounceKind } from "@/prisma/generated/enums";
import { LEDGER_ROWS } from "../ledger-rows";
import { classify, type Refused } from "./classify";
import { type Verdict, verdictOn } from "./score";

export type BounceReport = {
  /** The delivery it is about, or the person where a provider names nobody's mail but their address. */
  about: { deliveryId: bigint } | { subscriberId: string; key: string };
  /** smtp for the answer while sending, dsn, arf, or the provider's name. */
  source: string;
} & ({ complaint: true } | ({ complaint: false } & Refused));

export type Recorded =
  /** Kept, or known already; `closed` says whether the address is not mailed any more by it. */
  | { kind: BounceKind; closed: Verdict }
  /** No such delivery, or its person was erased. */
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
          reportKey: deliveryId === null ? subject.key : `${deliveryId}:${kind}`,
          at: now,
        },
      ],
      skipDuplicates: true,
    });
    const counted = await tx.bounce.findMany({ where: { subscriberId, forgivenAt: null } });
    return verdictOn(counted, now);
  });
  log.info({ event: "deliveries.bounced", subscriberId, kind, status, source: report.source });
  if (closed === "complained") await unsubscribe(db, subscriberId, { now });
  if (closed) await suppress(db, { email, reason: closed }, { now });
  return { kind, closed };
}

async function findSubject(db: Database, about: BounceReport["about"]) {
  if ("subscriberId" in about) {
    const { subscriberId, key } = about;
    const person = await db.subscriber.findUnique({ where: { id: subscriberId }, select: { email: true } });
    return person && { subscriberId, deliveryId: null, email: person.email, key };
  }
  const [delivery] = await db.$queryRaw<{ subscriberId: string; email: string; attempt: number }[]>`
    SELECT r."subscriberId", s.email, r.attempt FROM ${LEDGER_ROWS} r JOIN "Subscriber" s ON s.id = r."subscriberId"
    WHERE r.id = ${about.deliveryId}`;
  // What was never tried cannot have come back.
  if (!delivery || delivery.attempt === 0) return null;
  const { subscriberId, email } = delivery;
  return { subscriberId, deliveryId: about.deliveryId, email, key: "" };
}

/** Of a delivery that the mail server refused for good while sending. Never throws: the ledger holds the answer. */
export async function recordRefusal(
  db: Database,
  refusal: { deliveryId: bigint } & Refused,
  options: { now: Date },
): Promise<void> {
  const { deliveryId, ...refused } = refusal;
  try {
    await recordBounce(db, { about: { deliveryId }, source: "smtp", complaint: false, ...refused }, options);
  } catch (error) {
    log.error({ event: "deliveries.bounce-not-kept", deliveryId: String(deliveryId), error });
  }
}
