/**
 * Writes what became of deliveries into the ledger, several in one statement. May run twice: the second time changes
 * nothing. A settle that names an older attempt affects nothing, except that a server's yes is never forgotten while
 * the row has not been given away again.
 */
import { log } from "@/lib/log";
import { Prisma } from "@/prisma/generated/client";
import type { MailVariant } from "@/prisma/generated/enums";
import { DATABASE_NOW } from "./clock";
import { createGatherer } from "./gather";
import type { Ledger } from "./ledger";
import type { Settlement } from "./outcome";

/**
 * What went out in one attempt, kept so that it can be shown and proven later. The first that may have arrived stays:
 * whoever is mailed again gets the very same message.
 */
export type Copied = { variant: MailVariant; statusLineId: number | null; messageHash: bigint };

export type Settle = {
  id: bigint;
  attempt: number;
  settlement: Settlement;
  copied?: Copied;
};

/** Ids of the rows that were changed. */
export async function settleDeliveries(ledger: Ledger, settles: readonly Settle[]): Promise<Set<bigint>> {
  if (settles.length === 0) return new Set();
  const column = <Value>(pick: (settlement: Settlement) => Value) =>
    settles.map(({ settlement }) => pick(settlement));
  const ids = settles.map((settle) => settle.id);
  const attempts = settles.map((settle) => settle.attempt);
  const states = column((settlement) => settlement.state);
  const waits = column((settlement) => ("waitSeconds" in settlement ? settlement.waitSeconds : 0));
  const codes = column((settlement) => ("code" in settlement ? settlement.code : null));
  const enhanced = column((settlement) => ("enhanced" in settlement ? settlement.enhanced : null));
  const replies = column((settlement) => settlement.reply);
  const copies = settles.map(({ settlement, copied }) => (mayHaveArrived(settlement) ? copied : undefined));
  const variants = copies.map((copied) => copied?.variant ?? null);
  const statusLines = copies.map((copied) => copied?.statusLineId ?? null);
  const hashes = copies.map((copied) => copied?.messageHash ?? null);
  const rows = await ledger.query<{ id: bigint }>(Prisma.sql`
    UPDATE "Delivery" d SET
      state = v.state::"DeliveryState",
      "leaseUntil" = NULL,
      "nextAttemptAt" = ${DATABASE_NOW} + make_interval(secs => v.wait),
      deferrals = d.deferrals + CASE WHEN v.state = 'DEFERRED' THEN 1 ELSE 0 END,
      "smtpCode" = v.code, "enhancedCode" = v.enhanced, reply = v.reply,
      variant = COALESCE(d.variant, v.variant::"MailVariant"),
      "statusLineId" = COALESCE(d."statusLineId", v."statusLineId"),
      "messageHash" = COALESCE(v."messageHash", d."messageHash"),
      "sentAt" = CASE WHEN v.state = 'SENT' THEN ${DATABASE_NOW} END
    FROM unnest(${ids}::bigint[], ${attempts}::int[], ${states}::text[], ${waits}::float8[], ${codes}::int[],
      ${enhanced}::text[], ${replies}::text[], ${variants}::text[], ${statusLines}::int[], ${hashes}::bigint[])
      AS v(id, attempt, state, wait, code, enhanced, reply, variant, "statusLineId", "messageHash")
    WHERE d.id = v.id AND d.attempt = v.attempt
      AND (d.state = 'SENDING' OR (v.state = 'SENT' AND d.state IN ('UNCERTAIN', 'QUEUED', 'DEFERRED', 'SKIPPED')))
    RETURNING d.id`);
  const changed = new Set(rows.map((row) => row.id));
  for (const { id, settlement } of settles) {
    if (changed.has(id)) continue;
    const level = settlement.state === "SENT" ? "error" : "warn";
    log[level](
      { event: "deliveries.settle-too-late", deliveryId: String(id), state: settlement.state },
      "another worker has this delivery now",
    );
  }
  return changed;
}

/** Of what was refused nothing is kept: the next attempt may be another variant. */
function mayHaveArrived({ state }: Settlement): boolean {
  return state === "SENT" || state === "UNCERTAIN";
}

export type Settler = {
  /** Resolves when it stands in the database, with whether the row was changed. Never gives up, and never throws. */
  settle(settle: Settle): Promise<boolean>;
};

const LONGEST_PAUSE_MS = 5_000;

/** A hundredth of a second, of the fiftieth that an answer may take into the ledger: few statements for many answers. */
const GATHER_MS = 10;

/** `connections` say how many answers may come at about the same time. */
export function createSettler(ledger: Ledger, { connections = 1 }: { connections?: number } = {}): Settler {
  async function writeForSure(settles: readonly Settle[]): Promise<boolean[]> {
    for (let pause = 100; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        const changed = await settleDeliveries(ledger, settles);
        return settles.map(({ id }) => changed.has(id));
      } catch (error) {
        log.error(
          { event: "deliveries.settle-failed", error, waiting: settles.length },
          "trying again: the database did not take an answer",
        );
        await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
      }
    }
  }
  const enough = Math.ceil(connections / 4);
  return { settle: createGatherer(writeForSure, { enough, waitMs: GATHER_MS }) };
}
