/**
 * Whose Stripe customer is whose, for people who move in. Pure. The customer that the list names is the only thing that
 * decides by itself; an equal address is a proposal, and anything more is the author's choice.
 */
import { z } from "zod";

/** A customer with what runs at Stripe, and why the author is shown it. */
export const candidateSchema = z.object({
  customerId: z.string(),
  email: z.string().nullable(),
  /** What named it: the list, or the address alone. */
  by: z.enum(["LIST", "EMAIL"]),
  /** Belongs to another person here, so it cannot be chosen. */
  isTaken: z.boolean(),
  subscriptions: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      amountCents: z.number().nullable(),
      currency: z.string().nullable(),
      intervalMonths: z.number().nullable(),
      periodEndsAt: z.iso.datetime().nullable(),
      isCancelled: z.boolean(),
    }),
  ),
});
export type Candidate = z.infer<typeof candidateSchema>;

/** As the database has them; what cannot be read is looked up again by the next run. */
export function readCandidates(stored: unknown): Candidate[] {
  return z.array(candidateSchema).catch([]).parse(stored);
}

/** A customer at Stripe with at least one subscription that runs. */
export type Payer = Omit<Candidate, "by" | "isTaken"> & {
  /** The person here that it belongs to already. */
  holderId: string | null;
};

export type Mover = {
  subscriberId: string;
  email: string;
  listedCustomerId: string | null;
  /** Their customer here, and whether a membership of it runs. */
  ownCustomerId: string | null;
  paysHere: boolean;
  heldBack: boolean;
  /** Where the list says so; else nothing running at Stripe means a free reader. */
  saidToPay: boolean;
};

export type Match =
  | { state: "MOVE"; customerId: string; candidates: Candidate[] }
  | { state: "PROPOSED" | "UNDECIDED" | "LEFT"; candidates: Candidate[] };

export type Payers = { byId: ReadonlyMap<string, Payer>; byEmail: ReadonlyMap<string, readonly Payer[]> };

export function matchMover(mover: Mover, payers: Payers): Match {
  const listed = mover.listedCustomerId === null ? undefined : payers.byId.get(mover.listedCustomerId);
  const alike = (payers.byEmail.get(mover.email) ?? []).filter((payer) => payer !== listed);
  const candidates = [
    ...(listed ? [asCandidate(listed, "LIST", mover)] : []),
    ...alike.map((payer) => asCandidate(payer, "EMAIL", mover)),
  ];
  const [only, ...others] = candidates;
  if (!only) return { state: mover.saidToPay ? "UNDECIDED" : "LEFT", candidates };
  const isPlain = others.length === 0 && only.subscriptions.length === 1 && !only.isTaken;
  const paysThroughAnother = mover.paysHere && mover.ownCustomerId !== only.customerId;
  if (!isPlain || paysThroughAnother) return { state: "UNDECIDED", candidates };
  const isTheirs = only.by === "LIST" || mover.ownCustomerId === only.customerId;
  if (isTheirs && !mover.heldBack) return { state: "MOVE", customerId: only.customerId, candidates };
  return { state: "PROPOSED", candidates };
}

function asCandidate({ holderId, ...payer }: Payer, by: Candidate["by"], { subscriberId }: Mover): Candidate {
  return { ...payer, by, isTaken: holderId !== null && holderId !== subscriberId };
}

/** Why somebody has to decide, in the author's words. */
export function whyUndecided(
  candidates: readonly Candidate[],
  row: { listedCustomerId: string | null; plan: string },
): string {
  const free = candidates.filter(({ isTaken }) => !isTaken);
  if (candidates.length === 0) {
    if (row.plan.toLowerCase() === "ios_app") return "Paid through Apple, which ends with the place before.";
    return row.listedCustomerId === null
      ? "Nobody with this address pays at Stripe."
      : "Nothing of the customer that the list names runs at Stripe, and nobody else with this address pays there.";
  }
  if (free.length === 0) return "The customer at Stripe belongs to another reader here.";
  if (candidates.length > 1) return "Several customers at Stripe may be theirs.";
  if ((free[0]?.subscriptions.length ?? 0) > 1)
    return "The customer pays twice at Stripe: the oldest in order would count; end the other there.";
  return "They pay here already, through another customer.";
}
