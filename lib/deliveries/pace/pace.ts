/**
 * Holds a worker to the operator's limits and to what receiving domains can bear. Decides before rows are claimed how
 * many may be, and after it which of them have to wait for their domain. What waits goes back into the ledger with a
 * moment of its own; nothing is held in memory.
 */
import type { Claim } from "../claim";
import type { Ledger } from "../ledger";
import { giveBackToBudget, giveBackToDay, takeFromBudget, takeFromDay } from "./budget";
import { domainOf, rateFor, type SendingLimits } from "./limits";
import { warmUpAllowance } from "./warm-up";

export type Allowance = {
  /** At most so many may be claimed now. */
  messages: number;
  waitSeconds: number;
  /** Called with how many of them were not used. */
  giveBack(unused: number): Promise<void>;
};

export type Pace = {
  allow(messages: number): Promise<Allowance>;
  /** Which of the claims may go on, and how long each of the others waits. Where it throws, none of them may. */
  sort(claims: readonly Claim[]): Promise<{ go: Claim[]; wait: { claim: Claim; seconds: number }[] }>;
  /** The claim is settled: its place among those to its domain is free. */
  finished(claim: Claim): void;
  /** The domain takes no more for now: nothing goes there for a while, longer each time, and then one to see. */
  tooMuch(claim: Claim): void;
  /** It took one: all is forgiven. */
  taken(claim: Claim): void;
  /** What rests is tried again as soon as there is something for it. */
  wakeAll(): void;
};

const SHORTEST_REST_SECONDS = 15;
const LONGEST_REST_SECONDS = 900;
const SOON_SECONDS = 0.5;
/** While one message finds out whether its domain takes any again. */
const PROBE_SECONDS = 5;
const TO_MIDNIGHT_AT_MOST_SECONDS = 600;

/** Days are those of the database: the clocks of workers may differ. */
type Clock = { nowMs: () => number; today: () => Promise<Date> };

export function createPace(ledger: Ledger, limits: SendingLimits, clock: Clock): Pace {
  const inHand = new Map<string, number>();
  const resting = new Map<string, { until: number; times: number }>();
  /** Where the queue of those that were put back ends, so that they do not all come back at once. */
  const queueEnds = new Map<string, number>();

  async function allow(messages: number): Promise<Allowance> {
    const returns: ((unused: number) => Promise<void>)[] = [];
    let granted = messages;
    let waitSeconds = 0;
    const take = async (got: number, wait: number, giveBack: (unused: number) => Promise<void>) => {
      for (const earlier of returns) await earlier(granted - got);
      returns.push(giveBack);
      if (got < granted) waitSeconds = Math.max(waitSeconds, wait);
      granted = got;
    };
    for (const rate of limits.overall) {
      const scope = `all/${rate.messages}/${rate.perSeconds}`;
      if (granted === 0) break;
      const grant = await takeFromBudget(ledger, { scope, messages: granted, rate });
      await take(grant.messages, grant.waitSeconds, (unused) =>
        giveBackToBudget(ledger, { scope, messages: unused, rate }),
      );
    }
    const today = limits.warmUp && granted > 0 ? await clock.today() : null;
    const allowance = limits.warmUp && today && warmUpAllowance(limits.warmUp, today);
    if (today && allowance !== null) {
      const scope = `warm-up/${today.toISOString().slice(0, 10)}`;
      const got = await takeFromDay(ledger, { scope, messages: granted, allowance });
      await take(got, TO_MIDNIGHT_AT_MOST_SECONDS, (unused) =>
        giveBackToDay(ledger, { scope, messages: unused }),
      );
    }
    return {
      messages: granted,
      waitSeconds,
      async giveBack(unused) {
        for (const giveBack of returns) await giveBack(unused);
      },
    };
  }

  /** Null where it may go on; else how long the next one of this domain waits. */
  function roomAt(domain: string): number | null {
    const rest = resting.get(domain);
    if (rest && rest.until > clock.nowMs()) return (rest.until - clock.nowMs()) / 1_000 + Math.random();
    if (rest) return inHand.has(domain) ? PROBE_SECONDS : null;
    const most = limits.domainConnections;
    return most !== null && (inHand.get(domain) ?? 0) >= most ? SOON_SECONDS : null;
  }

  async function sortDomain(domain: string, claims: Claim[], sorted: Awaited<ReturnType<Pace["sort"]>>) {
    const free: Claim[] = [];
    for (const claim of claims) {
      const seconds = roomAt(domain);
      if (seconds === null) {
        inHand.set(domain, (inHand.get(domain) ?? 0) + 1);
        free.push(claim);
      } else {
        sorted.wait.push({ claim, seconds });
      }
    }
    const rate = rateFor(domain, limits);
    if (rate === null || free.length === 0) {
      sorted.go.push(...free);
      return;
    }
    const request = { scope: `domain/${domain}`, messages: free.length, rate };
    const grant = await takeFromBudget(ledger, request).catch((error: unknown) => {
      for (const _ of free) leave(domain);
      throw error;
    });
    sorted.go.push(...free.slice(0, grant.messages));
    const now = clock.nowMs();
    let end = Math.max(queueEnds.get(domain) ?? 0, now + grant.waitSeconds * 1_000);
    for (const claim of free.slice(grant.messages)) {
      leave(domain);
      sorted.wait.push({ claim, seconds: (end - now) / 1_000 });
      end += (rate.perSeconds / rate.messages) * 1_000;
    }
    queueEnds.set(domain, end);
  }

  function leave(domain: string): void {
    const count = (inHand.get(domain) ?? 0) - 1;
    if (count > 0) inHand.set(domain, count);
    else inHand.delete(domain);
  }

  return {
    allow,
    async sort(claims) {
      const sorted: Awaited<ReturnType<Pace["sort"]>> = { go: [], wait: [] };
      const byDomain = Map.groupBy(claims, (claim) => domainOf(claim.email));
      for (const [domain, those] of byDomain) await sortDomain(domain, those, sorted);
      return sorted;
    },
    finished: (claim) => leave(domainOf(claim.email)),
    tooMuch(claim) {
      const domain = domainOf(claim.email);
      const known = resting.get(domain);
      if (known && known.until > clock.nowMs()) return;
      const times = (known?.times ?? 0) + 1;
      const seconds = Math.min(SHORTEST_REST_SECONDS * 2 ** (times - 1), LONGEST_REST_SECONDS);
      resting.set(domain, { until: clock.nowMs() + seconds * 1_000, times });
    },
    taken: (claim) => resting.delete(domainOf(claim.email)),
    wakeAll: () => resting.clear(),
  };
}
