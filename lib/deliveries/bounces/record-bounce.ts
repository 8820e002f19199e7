/**
 * Keeps reports about mail that came back, or about complaints, and closes an address once that is due, unless it is an
 * author's, who could not sign in to the desk any more. May run twice with the same report: it counts once. Believes
 * whoever calls, so callers pass only what they matched by an address or identifier of our own making, or what a provider
 * signed.
 */
import { listAuthorAddresses } from "@/lib/auth/authors";
import type { Database, Transaction } from "@/lib/db";
import { log, maskPersonalText } from "@/lib/log";
import { suppressAll } from "@/lib/subscribers/suppress";
import { unsubscribe } from "@/lib/subscribers/unsubscribe";
import type { BounceKind } from "@/prisma/generated/enums";
import { classify, type Refused } from "./classify";
import { type About, findSubjects, type Subject } from "./find-subjects";
import { type Verdict, verdictOn } from "./score";

export type BounceReport = {
  about: About;
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
  options: { now: Date },
): Promise<Recorded> {
  const [recorded = "nothing"] = await recordBounces(db, [report], options);
  return recorded;
}

type Counted = { report: BounceReport; subject: Subject; kind: BounceKind; status: string | null };

/** In the order of the reports, with as many statements for a hundred as for one. */
export async function recordBounces(
  db: Database,
  reports: readonly BounceReport[],
  { now }: { now: Date },
): Promise<Recorded[]> {
  const subjects = await findSubjects(
    db,
    reports.map(({ about }) => about),
  );
  const found = reports.map((report, at): Counted | "unknown" | "nothing" => {
    const classified = report.complaint ? { kind: "COMPLAINT" as const, status: null } : classify(report);
    if (!classified) return "nothing";
    const subject = subjects[at];
    return subject ? { report, subject, ...classified } : "unknown";
  });
  const counted = found.filter((each) => typeof each !== "string");
  if (counted.length === 0) return found.map((each) => (typeof each === "string" ? each : "nothing"));
  const verdicts = await keep(db, counted, now);
  for (const { report, subject, kind, status } of counted) {
    const { subscriberId } = subject;
    log.info({ event: "deliveries.bounced", subscriberId, kind, status, source: report.source });
  }
  await closeAddresses(db, { counted, verdicts, now });
  return found.map((each) =>
    typeof each === "string"
      ? each
      : { kind: each.kind, closed: verdicts.get(each.subject.subscriberId) ?? null },
  );
}

/** What is to be done with each of the persons, by everything that stands against them now. */
async function keep(db: Database, counted: readonly Counted[], now: Date): Promise<Map<string, Verdict>> {
  const ids = [...new Set(counted.map(({ subject }) => subject.subscriberId))];
  return db.$transaction(async (tx) => {
    // Two reports about one person, in two processes, are weighed one after the other.
    await tx.$queryRaw`SELECT 1 FROM "Subscriber" WHERE id = ANY(${ids}) ORDER BY id FOR UPDATE`;
    await insertBounces(tx, counted, now);
    const bounces = await tx.bounce.findMany({ where: { subscriberId: { in: ids }, forgivenAt: null } });
    const bySubscriber = Map.groupBy(bounces, ({ subscriberId }) => subscriberId);
    return new Map(ids.map((id) => [id, verdictOn(bySubscriber.get(id) ?? [], now)]));
  });
}

/** Without addresses, on one line and without the NUL that Postgres refuses. */
function keptWords(words: string): string | null {
  const line = maskPersonalText(words)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line.slice(0, WORDS) || null;
}

/** In one statement of fixed length: a hundred rows the other way cost as much as a hundred mails. */
async function insertBounces(tx: Transaction, counted: readonly Counted[], now: Date): Promise<void> {
  const wordsOf = ({ report }: Counted) =>
    report.complaint || !report.words ? null : keptWords(report.words);
  await tx.$executeRaw`
    INSERT INTO "Bounce" (id, "subscriberId", "deliveryId", kind, source, status, words, "reportKey", at)
    SELECT gen_random_uuid()::text, b."subscriberId", b."deliveryId", b.kind::"BounceKind", b.source, b.status, b.words,
      b."reportKey", ${now}::timestamp
    FROM unnest(${counted.map(({ subject }) => subject.subscriberId)}::text[],
      ${counted.map(({ subject }) => subject.deliveryId)}::bigint[], ${counted.map(({ kind }) => kind)}::text[],
      ${counted.map(({ report }) => report.source)}::text[], ${counted.map(({ status }) => status)}::text[],
      ${counted.map(wordsOf)}::text[], ${counted.map(({ subject, kind }) => subject.keyOf(kind))}::text[])
      AS b("subscriberId", "deliveryId", kind, source, status, words, "reportKey")
    ON CONFLICT ("reportKey") DO NOTHING`;
}

/** Takes the verdict back where the address stays open. */
async function closeAddresses(
  db: Database,
  { counted, verdicts, now }: { counted: readonly Counted[]; verdicts: Map<string, Verdict>; now: Date },
): Promise<void> {
  const people = new Map(counted.map(({ subject }) => [subject.subscriberId, subject.email]));
  const due = [...verdicts].filter(([, verdict]) => verdict !== null);
  if (due.length === 0) return;
  const authors = new Set(await listAuthorAddresses(db));
  const toClose = new Map<NonNullable<Verdict>, string[]>();
  for (const [subscriberId, verdict] of due) {
    const email = people.get(subscriberId);
    if (verdict === null || email === undefined) continue;
    if (authors.has(email)) {
      log.warn({ event: "deliveries.author-bounces", subscriberId }, "an author's address stays open");
      verdicts.set(subscriberId, null);
      continue;
    }
    if (verdict === "complained") await unsubscribe(db, subscriberId, { now });
    toClose.set(verdict, [...(toClose.get(verdict) ?? []), email]);
  }
  for (const [reason, emails] of toClose) await suppressAll(db, { emails, reason }, { now });
}
