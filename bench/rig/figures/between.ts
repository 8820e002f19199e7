/**
 * Figure 3: killed between the server's yes and the commit. The ledger is locked while messages are on their way, so
 * that every answer of that moment stands in the journal alone when the worker dies.
 */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { scheduleIssue } from "../audience";
import { machineNow } from "../clock";
import { readObserverLog } from "../observer-log";
import { judge, waitUntilSettled } from "../run";
import type { Stage } from "../stage";
import { statesInWords, wordsOf } from "../words";
import { type Figure, onStage } from "./figure";

const CONNECTIONS = 10;
const DOT_DELAY_MS = 100;

export const between: Figure = {
  figures: [3],
  about: "kills between the server's yes and the commit",
  async measure(lab) {
    const rounds = lab.quick ? 3 : 10;
    const readers = rounds * 100;
    const options = { readers, connections: CONNECTIONS, faults: { dotDelayMs: DOT_DELAY_MS } };
    return onStage(lab, options, async (stage) => {
      const beganAt = machineNow();
      const issueId = await scheduleIssue(stage.db, 1);
      stage.workers.start(1);
      let uncommitted = 0;
      for (let round = 0; round < rounds; round += 1) {
        const before = (await stage.observer.counts()).taken;
        while ((await stage.observer.counts()).taken < before + 3 * CONNECTIONS) await sleep(20);
        uncommitted += await killUncommitted(stage);
      }
      await waitUntilSettled(stage, issueId, { skipWaits: true });
      const deeds = { done: {}, unsubscribed: [], drains: [], recoveries: [] };
      const verdict = await judge(stage, { issueId, beganAt, deeds });
      return [
        {
          figure: 3,
          what: `mailed twice (${rounds} kills, ${uncommitted} answers that no commit had reached)`,
          measured: `${verdict.anomalies.duplicatedOutside.length}; ${statesInWords(verdict.states)}; anomalies: ${wordsOf(verdict)}`,
          target: "0, nothing uncertain",
          met: verdict.count === 0 && uncommitted >= rounds && (verdict.states.UNCERTAIN ?? 0) === 0,
        },
      ];
    });
  },
};

/** How many answers the server had given that the ledger did not know when the worker died. */
async function killUncommitted({ databaseUrl, workers, observer, log }: Stage): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("BEGIN");
    await client.query(`LOCK TABLE "Delivery" IN SHARE MODE`);
    await sleep(3 * DOT_DELAY_MS);
    await observer.counts();
    const taken = new Set(readObserverLog(log).bodies.map((body) => body.to));
    const { rows } = await client.query<{ email: string }>(
      `SELECT s.email FROM "Delivery" d JOIN "Subscriber" s ON s.id = d."subscriberId" WHERE d.state = 'SENDING'`,
    );
    const [worker] = workers.running;
    if (worker) await workers.kill(worker);
    // What the dead worker had asked for would else be done as soon as the lock is gone.
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'`,
    );
    return rows.filter((row) => taken.has(row.email)).length;
  } finally {
    await client.query("ROLLBACK");
    await client.end();
  }
}
