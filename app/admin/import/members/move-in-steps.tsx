import { getDatabase } from "@/lib/db";
import { listProposals } from "@/lib/memberships/move-in-decide";
import type { MoveInCounts } from "@/lib/memberships/move-in-queries";
import { RunForm } from "./run-form";

const counted = (count: number, one: string, many: string) =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** What stands now, and the two things that work through everybody at once. */
export async function MoveInSteps({ counts }: { counts: MoveInCounts }) {
  const { moves, mark } = await listProposals(getDatabase());
  const { moved, comped, gifted, free, decisions, waiting } = counts;
  return (
    <div className="desk-grid mb-6">
      <section className="desk-panel" aria-labelledby="look-title">
        <h2 id="look-title">
          {moved.toLocaleString("en")} paid, {comped.toLocaleString("en")} comped,{" "}
          {gifted.toLocaleString("en")} gifted, {free.toLocaleString("en")} free
        </h2>
        <p className="desk-soft mb-3">
          {waiting + decisions + moves.length === 0
            ? "Everybody has their place. Looking again finds who began to pay since the list was made."
            : "Readers whose Stripe customer the list names are moved in at once; the others wait for your word."}{" "}
          Nobody is charged or mailed, and their price stays theirs.
        </p>
        <RunForm label="Look at Stripe" />
      </section>
      <section
        aria-label="Proposals"
        className={moves.length > 0 ? "desk-panel" : "[&:not(:has([role]))]:hidden"}
      >
        {moves.length > 0 && (
          <>
            <h2>{counted(moves.length, "reader has", "readers have")} an address that pays at Stripe once</h2>
            <p className="desk-soft mb-3">
              An equal address is no proof. Look through{" "}
              <a href="/admin/import/members?part=proposals">the proposals</a>, decide one by one, or say yes
              to all of them.
            </p>
          </>
        )}
        <RunForm label={yesTo(moves.length)} yes={mark} tone="quiet" />
      </section>
    </div>
  );
}

function yesTo(count: number): string | null {
  if (count === 0) return null;
  return count === 1 ? "Yes, move this one" : `Yes, move all ${count.toLocaleString("en")}`;
}
