import type { Command } from "commander";
import type { Database } from "@/lib/db";
import { type MoveInRun, moveIn } from "@/lib/memberships/move-in";
import { acceptProposals, listProposals } from "@/lib/memberships/move-in-decide";
import { whyUndecided } from "@/lib/memberships/move-in-match";
import {
  countMoveIns,
  listMoveIns,
  type MoveInCounts,
  type MoveInRow,
} from "@/lib/memberships/move-in-queries";
import { getStripe } from "@/lib/stripe";
import { withInstallation } from "./installation";
import { answersWith, count, progressLine } from "./verb";

const SHOWN = 50;

export function addMembers(program: Command): void {
  const members = program.command("members").description("who pays").helpCommand(false);
  const command = members
    .command("move-in")
    .description(
      "takes over the Stripe subscriptions of imported readers. Charges and mails nobody. Exit code 1 while somebody needs a decision",
    )
    .option("--yes-to-emails", "also those whom an equal address alone names; run it without this first");
  answersWith(command, (wishes: { yesToEmails?: boolean }) =>
    withInstallation(async ({ db, env }) => {
      const line = progressLine();
      const services = {
        now: new Date(),
        publicUrl: env.PUBLIC_URL,
        onProgress: (done: number, of: number) => line.show(`${done} of ${of} moved…`),
      };
      const stripe = getStripe();
      const run = await moveIn(db, stripe, services).finally(() => line.clear());
      if (wishes.yesToEmails) {
        const { mark } = await listProposals(db);
        const more = await acceptProposals(db, stripe, mark, services).finally(() => line.clear());
        run.moved += more.moved;
        run.failed += more.failed;
      }
      return report(db, run);
    }),
  );
}

async function report(db: Database, run: MoveInRun) {
  const counts = await countMoveIns(db);
  const [decisions, proposals] = await Promise.all([
    listMoveIns(db, { part: "decisions", pageSize: 10_000 }),
    listMoveIns(db, { part: "proposals", pageSize: 10_000 }),
  ]);
  const words = [
    ...countWords(counts, run),
    ...part("An equal address pays at Stripe; --yes-to-emails moves them:", proposals.rows, customersOf),
    ...part("Need a decision, at /admin/import/members:", decisions.rows, (row) =>
      whyUndecided(row.candidates, row),
    ),
  ];
  const data = { run, counts, proposals: proposals.rows.map(asData), decisions: decisions.rows.map(asData) };
  return { words, data, failed: counts.decisions + counts.proposals + counts.waiting > 0 };
}

function countWords(counts: MoveInCounts, run: MoveInRun): string[] {
  const { moved, comped, gifted, free, decisions, proposals, waiting } = counts;
  return [
    `${count(moved, "paying reader")} moved in, ${run.moved} of them now.`,
    `${count(comped, "reader")} comped, ${gifted} gifted, ${free} free.`,
    `${count(proposals, "proposal")}, ${count(decisions, "decision")} to take.`,
    ...(waiting > 0 ? [`${waiting} could not be moved now: run it again.`] : []),
  ];
}

function part(title: string, rows: readonly MoveInRow[], say: (row: MoveInRow) => string): string[] {
  if (rows.length === 0) return [];
  const lines = rows.slice(0, SHOWN).map((row) => `  ${row.email}  ${row.plan || "free"}  ${say(row)}`);
  return [title, ...lines, ...(rows.length > SHOWN ? ["  … (--json lists all)"] : [])];
}

function customersOf({ candidates }: MoveInRow): string {
  return candidates.map(({ customerId }) => customerId).join(", ");
}

function asData({ subscriberId, email, kind, plan, paidUntil, listedCustomerId, candidates }: MoveInRow) {
  return { subscriberId, email, kind, plan, paidUntil, listedCustomerId, candidates };
}
