/**
 * Which deliveries this worker holds, and until when it may act on them. Renewed in the database while they are held.
 * Measured by this process's monotonic clock from before each renewal, so a worker that was stopped for a while knows
 * by itself that its time is over, before the database could tell it.
 */
import { performance } from "node:perf_hooks";
import { log } from "@/lib/log";
import { type Claim, LEASE_SECONDS, renewLeases } from "./claim";
import type { Ledger } from "./ledger";

export type Leases = {
  readonly count: number;
  ids(): bigint[];
  /** `since` is `performance.now()` from before the statement that gave the lease. */
  hold(claims: readonly Claim[], since: number): void;
  release(claim: Claim): void;
  /** Resolves when the next one is released. */
  nextRelease(): Promise<void>;
  isOurs(claim: Claim): boolean;
  /** Never throws: a renewal that failed only shortens what `isOurs` allows. */
  renew(): Promise<void>;
};

/** A second less than the database gives: ours ends first. */
const LEASE_MS = (LEASE_SECONDS - 1) * 1_000;

export function createLeases(ledger: Ledger, clock: () => number = () => performance.now()): Leases {
  const held = new Map<bigint, { claim: Claim; until: number }>();
  const whoWait: (() => void)[] = [];
  const hold = (claims: readonly Claim[], since: number) => {
    for (const claim of claims) held.set(claim.id, { claim, until: since + LEASE_MS });
  };
  const isHeld = ({ id, attempt }: Claim) => held.get(id)?.claim.attempt === attempt;
  return {
    get count() {
      return held.size;
    },
    ids: () => [...held.keys()],
    hold,
    release: (claim) => {
      if (isHeld(claim)) held.delete(claim.id);
      for (const resolve of whoWait.splice(0)) resolve();
    },
    nextRelease: () => new Promise((resolve) => whoWait.push(resolve)),
    isOurs: (claim) => isHeld(claim) && clock() < (held.get(claim.id)?.until ?? 0),
    async renew() {
      const since = clock();
      const claims = [...held.values()].filter((lease) => since < lease.until).map((lease) => lease.claim);
      try {
        const renewed = await renewLeases(ledger, claims);
        hold(
          claims.filter((claim) => renewed.has(claim.id) && isHeld(claim)),
          since,
        );
      } catch (error) {
        log.error({ event: "deliveries.renew-failed", held: held.size, error }, "leases were not renewed");
      }
    },
  };
}
