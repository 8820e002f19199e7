/** The ledger as the checker reads it: plain rows, over a connection of its own that outlives a restarted Postgres. */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { LedgerRow } from "./checker";
import { machineNow } from "./clock";

/** Postgres may be away at this moment; it is asked until it answers. */
export async function askPostgres<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(sql, values)).rows;
    } catch (error) {
      if (tries >= 100) throw error;
      await sleep(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

export async function readLedger(url: string, issueId: string): Promise<LedgerRow[]> {
  return askPostgres<LedgerRow>(
    url,
    `SELECT s.email, d."subscriberId", d.state::text AS state, d.variant::text AS variant, d."messageId",
       d.attempt, d."smtpCode" AS code, d."enhancedCode" AS enhanced, d.reply
     FROM "Delivery" d JOIN "Subscriber" s ON s.id = d."subscriberId" WHERE d."issueId" = $1 ORDER BY d.id`,
    [issueId],
  );
}

/** By address: which delivery it is, and the hash of what was sent that the ledger keeps. */
export async function readKeptCopies(
  url: string,
  issueId: string,
): Promise<Map<string, { deliveryId: string; state: string; messageHash: string | null }>> {
  const rows = await askPostgres<{
    email: string;
    deliveryId: string;
    state: string;
    messageHash: string | null;
  }>(
    url,
    `SELECT s.email, d.id::text AS "deliveryId", d.state::text AS state, d."messageHash"::text AS "messageHash"
     FROM "Delivery" d JOIN "Subscriber" s ON s.id = d."subscriberId" WHERE d."issueId" = $1`,
    [issueId],
  );
  return new Map(rows.map(({ email, ...copy }) => [email, copy]));
}

/** From now on each row that becomes uncertain is noted with that change, whatever becomes of it afterwards. */
export async function noteUncertain(url: string): Promise<void> {
  await askPostgres(url, `CREATE TABLE rig_uncertain (id bigint NOT NULL)`);
  await askPostgres(
    url,
    `CREATE FUNCTION rig_note_uncertain() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN INSERT INTO rig_uncertain VALUES (NEW.id); RETURN NULL; END $$`,
  );
  await askPostgres(
    url,
    `CREATE TRIGGER rig_note_uncertain AFTER UPDATE ON "Delivery" FOR EACH ROW
     WHEN (NEW.state = 'UNCERTAIN') EXECUTE FUNCTION rig_note_uncertain()`,
  );
}

/** Addresses whose row was ever noted. */
export async function readUncertain(url: string, issueId: string): Promise<Set<string>> {
  const rows = await askPostgres<{ email: string }>(
    url,
    `SELECT DISTINCT s.email FROM rig_uncertain u JOIN "Delivery" d ON d.id = u.id
     JOIN "Subscriber" s ON s.id = d."subscriberId" WHERE d."issueId" = $1`,
    [issueId],
  );
  return new Set(rows.map((row) => row.email));
}

/** How many rows stand in each state. */
export async function countStates(url: string, issueId: string): Promise<Record<string, number>> {
  const rows = await askPostgres<{ state: string; count: number }>(
    url,
    `SELECT state::text AS state, count(*)::int AS count FROM "Delivery" WHERE "issueId" = $1 GROUP BY 1`,
    [issueId],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** Null until it is frozen. */
export async function getAudienceCount(url: string, issueId: string): Promise<number | null> {
  const [issue] = await askPostgres<{ count: number | null }>(
    url,
    `SELECT "audienceCount" AS count FROM "Issue" WHERE id = $1`,
    [issueId],
  );
  return issue?.count ?? null;
}

/** Lets every wait be over, of the deferred and of those that take a breath: nobody here waits five minutes. */
export async function endWaits(url: string, issueId: string): Promise<void> {
  await askPostgres(
    url,
    `UPDATE "Delivery" SET "nextAttemptAt" = clock_timestamp() AT TIME ZONE 'UTC'
     WHERE "issueId" = $1 AND state IN ('QUEUED', 'DEFERRED')
       AND "nextAttemptAt" > clock_timestamp() AT TIME ZONE 'UTC'`,
    [issueId],
  );
}

const LATEST_MS = 30_000;

/**
 * Whose address an earlier sending closed is a reader like all others again. What was refused last may still be on its
 * way into the list of what came back, and is waited for.
 */
export async function openAllAddresses(url: string): Promise<void> {
  const deadline = machineNow() + LATEST_MS;
  const missing = `SELECT 1 FROM "Delivery" d WHERE d.state = 'FAILED'
    AND NOT EXISTS (SELECT 1 FROM "Bounce" b WHERE b."deliveryId" = d.id) LIMIT 1`;
  while ((await askPostgres(url, missing)).length > 0) {
    if (machineNow() > deadline) throw new Error("A refusal is in the ledger alone.");
    await sleep(50);
  }
  await askPostgres(url, `DELETE FROM "Suppression"`);
  await askPostgres(url, `UPDATE "Bounce" SET "forgivenAt" = at`);
  await askPostgres(
    url,
    `UPDATE "Subscriber" SET status = 'CONFIRMED', "suppressedAt" = NULL WHERE status <> 'CONFIRMED'`,
  );
}
