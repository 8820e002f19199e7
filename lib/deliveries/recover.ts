/**
 * Takes back what a dead worker had claimed. Its journal tells what had left: nothing, then the delivery waits again;
 * taken by the server, then it is SENT; begun without an answer, or no journal to ask, then nobody can know and it is
 * UNCERTAIN. May run twice and from several workers. Never sends and never guesses.
 */
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import { DATABASE_NOW, databaseNowPlus } from "./clock";
import { ledgerOf } from "./ledger";
import type { Settlement } from "./outcome";
import { type Settle, settleDeliveries } from "./settle";
import { type Fate, listJournals, type StoredJournal } from "./stored-journals";

/** As long as a server may make us wait for an issue (`outcome.ts`). */
const PRESENT_SECONDS = 72 * 60 * 60;
/** As long as the sign of life of a worker that stopped is kept. */
const SILENT_SECONDS = 24 * 60 * 60;

type Orphan = { id: bigint; attempt: number; claimedBy: string | null; state: "SENDING" | "UNCERTAIN" };

/** What becomes of a message that may have arrived: it waits for the author, or is mailed again, the same bytes. */
export type UncertainPolicy = "hold" | "resend";

export type Recovery = { requeued: number; sent: number; uncertain: number };

/**
 * The asking worker's own rows count too once their lease is over: it lost a claim whose answer never came, or it was
 * stopped for so long that it will not send them any more.
 */
export async function recoverDeliveries(
  db: Database,
  { folder, policy = "hold" }: { folder: string; policy?: UncertainPolicy },
): Promise<Recovery> {
  const journals = new Map(listJournals(folder).map((journal) => [journal.incarnation, journal]));
  const gone = [...journals.values()].filter((journal) => journal.writer === "gone");
  const orphans = await findOrphans(
    db,
    gone.map((journal) => journal.incarnation),
    [...journals.keys()],
  );
  const settles = orphans.flatMap(({ id, attempt, claimedBy, state }): Settle[] => {
    const journal = journals.get(claimedBy ?? "");
    const fate = journal?.fateOf(id, attempt) ?? null;
    const settlement = settlementOf(state, journal, fate);
    if (!settlement) return [];
    const copied = fate && "copied" in fate ? fate.copied : null;
    return [{ id, attempt, settlement, ...(copied && { copied }) }];
  });
  const recovery = await write(db, settles);
  for (const journal of gone) journal.remove();
  await removeForgotten(db, [...journals.values()]);
  if (policy === "resend") await resendUncertain(db);
  if (settles.length > 0)
    log.warn({ event: "deliveries.recovered", ...recovery }, "rows of a worker that stopped");
  return recovery;
}

/**
 * Rows of workers that are gone for sure, and rows whose lease ran out. A row that another machine had to call
 * UNCERTAIN is looked at again by the one that has the journal.
 */
async function findOrphans(db: Database, gone: string[], known: string[]): Promise<Orphan[]> {
  return db.$queryRaw<Orphan[]>`
    SELECT d.id, d.attempt, d."claimedBy", d.state::text AS state
    FROM "Issue" i JOIN "Delivery" d ON d."issueId" = i.id
    WHERE i."audienceFrozenAt" IS NOT NULL
      AND (
        (d.state = 'SENDING' AND (d."claimedBy" = ANY(${gone}::text[]) OR d."leaseUntil" < ${DATABASE_NOW}))
        OR (d.state = 'UNCERTAIN' AND d."claimedBy" = ANY(${known}::text[]))
      )`;
}

function settlementOf(
  state: Orphan["state"],
  journal: StoredJournal | undefined,
  fate: Fate | null,
): Settlement | null {
  if (fate?.state === "accepted") return { state: "SENT", reply: fate.reply };
  if (state === "UNCERTAIN") return null;
  if (journal?.trusted && (fate === null || fate.state === "not-sent")) {
    return { state: "QUEUED", reply: null, waitSeconds: 0 };
  }
  const reply = fate
    ? "the worker stopped while the message was on its way"
    : "the worker stopped, and what it had done is not known";
  return { state: "UNCERTAIN", reply };
}

async function write(db: Database, settles: readonly Settle[]): Promise<Recovery> {
  const changed = await settleDeliveries(ledgerOf(db), settles);
  const count = (state: Settlement["state"]) =>
    settles.filter((settle) => settle.settlement.state === state && changed.has(settle.id)).length;
  return { requeued: count("QUEUED"), sent: count("SENT"), uncertain: count("UNCERTAIN") };
}

/**
 * Of workers in other containers nobody can tell from here that they are gone. One that has said nothing for a day, neither
 * to its journal nor to the database, is; and when no row waits for what its journal knows, that goes, too.
 */
async function removeForgotten(db: Database, journals: readonly StoredJournal[]): Promise<void> {
  const silentSince = Date.now() - SILENT_SECONDS * 1_000;
  const silent = journals.filter(
    ({ writer, writtenAt }) => writer === "unseen" && writtenAt.getTime() < silentSince,
  );
  if (silent.length === 0) return;
  const names = silent.map((journal) => journal.incarnation);
  const needed = await db.$queryRaw<{ name: string }[]>`
    SELECT id AS name FROM "WorkerHeartbeat"
    WHERE id = ANY(${names}::text[]) AND "seenAt" >= ${databaseNowPlus(-SILENT_SECONDS)}
    UNION
    SELECT d."claimedBy" FROM "Issue" i JOIN "Delivery" d ON d."issueId" = i.id
    WHERE i."audienceFrozenAt" IS NOT NULL AND d.state IN ('SENDING', 'UNCERTAIN')
      AND d."claimedBy" = ANY(${names}::text[])`;
  const kept = new Set(needed.map(({ name }) => name));
  for (const journal of silent) if (!kept.has(journal.incarnation)) journal.remove();
}

/** Of the present sending only: what an author left standing long ago is not mailed because a setting changed. */
async function resendUncertain(db: Database): Promise<void> {
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    UPDATE "Delivery" d SET state = 'QUEUED', "nextAttemptAt" = ${DATABASE_NOW}, "leaseUntil" = NULL, reply = NULL
    FROM "Issue" i
    WHERE i.id = d."issueId" AND d.state = 'UNCERTAIN' AND i."audienceFrozenAt" > ${databaseNowPlus(-PRESENT_SECONDS)}
    RETURNING d.id`;
  if (rows.length === 0) return;
  const deliveryIds = rows.map((row) => String(row.id));
  log.warn({ event: "deliveries.resent-uncertain", deliveryIds }, "mailed again, perhaps twice");
}
