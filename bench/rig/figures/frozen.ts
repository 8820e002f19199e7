/**
 * Figure 1 before the first message: the worker is killed, or its connections to Postgres end, while the audience is being
 * written. It is there whole or not at all, and in the end it is there. Nothing is sent: the mail server's port is shut.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { scheduleIssue } from "../audience";
import { createChance } from "../chance";
import { machineNow } from "../clock";
import { askPostgres } from "../ledger";
import { terminateBackends } from "../nemesis";
import type { Stage } from "../stage";
import { type Figure, onStage } from "./figure";

const BLOWS = 10;
/** Moments are drawn from as long as a quick machine takes for it. */
const WRITING_MS_A_READER = 0.015;
const LIMIT_MS = 120_000;

/** As one statement sees it. */
type Audience = { rows: number; mails: number; count: number | null; frozen: boolean };

export const frozen: Figure = {
  figures: [1],
  about: "the worker is killed, or Postgres ends its connections, while the audience is being written",
  async measure(lab) {
    const readers = lab.quick ? 20_000 : 100_000;
    const chance = createChance(lab.seeds[0] ?? 1);
    return onStage(lab, { readers }, async (stage) => {
      await stage.observer.block();
      const issues = [await scheduleIssue(stage.db, 1)];
      stage.workers.start(1);
      const afterwards: Audience[] = [];
      for (let blow = 0; blow < BLOWS; blow += 1) {
        const { issueId, pid } = await untilBeingWritten(stage, issues);
        await sleep(chance.whole(0, readers * WRITING_MS_A_READER));
        await strike(stage, blow);
        // Postgres goes on for a worker that is dead until it has something to answer: what that leaves behind counts.
        while ((await whoWrites(stage)).includes(pid)) await sleep(5);
        afterwards.push(await readAudience(stage, issueId));
      }
      const ends = await Promise.all(issues.map((issueId) => untilFrozen(stage, issueId)));
      const none = afterwards.filter(isNone).length;
      const whole = afterwards.filter((audience) => isWhole(audience, readers)).length;
      const complete = ends.filter((audience) => isWhole(audience, readers)).length;
      return [
        {
          figure: 1,
          what: `an audience written in part (${readers} readers, ${BLOWS} blows at random moments, kills and ended connections in turn)`,
          measured: `${BLOWS - none - whole} times; ${none} times nothing of it stood, ${whole} times all; complete in the end: ${complete} of ${issues.length}`,
          target: "0, complete in the end",
          met: none + whole === BLOWS && none > 0 && complete === issues.length,
        },
      ];
    });
  },
};

/** The issue whose audience is being written at this moment; another one where the last is done. */
async function untilBeingWritten(stage: Stage, issues: string[]): Promise<{ issueId: string; pid: number }> {
  const deadline = machineNow() + LIMIT_MS;
  while (machineNow() < deadline) {
    const issueId = issues.at(-1) ?? "";
    const [pid] = await whoWrites(stage);
    if (pid !== undefined) return { issueId, pid };
    if ((await readAudience(stage, issueId)).frozen)
      issues.push(await scheduleIssue(stage.db, issues.length + 1));
  }
  throw new Error("No audience is being written.");
}

async function whoWrites({ databaseUrl }: Stage): Promise<number[]> {
  const rows = await askPostgres<{ pid: number }>(
    databaseUrl,
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active' AND query LIKE $1`,
    [`%INSERT INTO "Delivery"%`],
  );
  return rows.map((row) => row.pid);
}

async function strike(stage: Stage, blow: number): Promise<void> {
  const [worker] = stage.workers.running;
  if (blow % 2 === 0 && worker) await stage.workers.kill(worker);
  else await terminateBackends(stage);
}

async function untilFrozen(stage: Stage, issueId: string): Promise<Audience> {
  const deadline = machineNow() + LIMIT_MS;
  for (;;) {
    const audience = await readAudience(stage, issueId);
    if (audience.frozen || machineNow() > deadline) return audience;
    await sleep(100);
  }
}

async function readAudience({ databaseUrl }: Stage, issueId: string): Promise<Audience> {
  const [audience] = await askPostgres<Audience>(
    databaseUrl,
    `SELECT (SELECT count(DISTINCT "subscriberId")::int FROM "Delivery" WHERE "issueId" = i.id) AS rows,
       (SELECT count(*)::int FROM "FrozenMail" WHERE "issueId" = i.id) AS mails,
       "audienceCount" AS count, "audienceFrozenAt" IS NOT NULL AS frozen
     FROM "Issue" i WHERE id = $1`,
    [issueId],
  );
  if (!audience) throw new Error("There is no such issue.");
  return audience;
}

function isNone({ rows, mails, count, frozen }: Audience): boolean {
  return rows === 0 && mails === 0 && count === null && !frozen;
}

function isWhole({ rows, mails, count, frozen }: Audience, readers: number): boolean {
  return rows === readers && mails === 2 && count === readers && frozen;
}
