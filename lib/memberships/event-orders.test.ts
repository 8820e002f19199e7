import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type Stripe from "stripe";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { createDatabase } from "@/lib/db";
import { useTestDatabase } from "@/prisma/test-database";
import { clientOf } from "@/sandbox/stripe/test-stripe";
import { DAY, openShop, type Shop, till } from "./shop.fixture";

/**
 * S02: whatever order Stripe's events come in, and however often, the end is what Stripe holds and each mail once. All
 * 120 orders of five events are tried; of the ways to repeat them a seeded sample, or with PERMUTATIONS=all each number
 * of repeats in each order, or with PERMUTATIONS=<from>-<to> a part of these.
 */

const database = useTestDatabase({ emptyEachTime: true });
const [FROM, TO] =
  process.env.PERMUTATIONS === "all" ? [0, Number.POSITIVE_INFINITY] : partOf(process.env.PERMUTATIONS);
const WHOLE = TO > 0;
const LANES = 3;
const SEED = 20_260_105;
const KINDS = [
  "checkout.session.completed",
  "customer.subscription.created",
  "invoice.paid",
  "customer.subscription.updated",
  "customer.subscription.deleted",
] as const;

type Plan = { events: Stripe.Event[]; way: "in turn" | "at once" | "over a restart" };
type Lane = { subscriberId: string; customer: string; events: Stripe.Event[]; row: object };

const ran = new Map<string, number>();
afterAll(() => {
  const counts = [...ran].map(([what, count]) => `${count} ${what}`).join(", ");
  process.stdout.write(`Orders of Stripe's events tried: ${counts}.\n`);
});
const countRun = (what: string) => ran.set(what, (ran.get(what) ?? 0) + 1);

/** Somebody joined, paid, cancelled for later and was then ended at once. */
async function openLane(shop: Shop): Promise<Lane> {
  const { id } = await shop.addReader();
  const session = await shop.checkOut(id);
  const subscriptionId = String(session.subscription);
  await shop.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true });
  const ended = await shop.stripe.subscriptions.cancel(subscriptionId);
  const customer = String(session.customer);
  const told = (await shop.events()).filter((event) => Object(event.data.object).customer === customer);
  const events = KINDS.map((kind) => {
    const event = told.find(({ type }) => type === kind);
    if (!event) throw new Error(`The sandbox told nothing of ${kind}.`);
    return event;
  });
  return { subscriberId: id, customer, events, row: rowOf(ended) };
}

/** What our row has to say about a subscription that ended, read off Stripe's object by hand. */
function rowOf(subscription: Stripe.Subscription) {
  return {
    status: "CANCELED",
    stripeSubscriptionId: subscription.id,
    stripePriceId: subscription.items.data[0]?.price.id,
    amountCents: 300,
    endsAt: new Date(Number(subscription.ended_at) * 1_000),
    currentPeriodEndsAt: new Date(Number(subscription.items.data[0]?.current_period_end) * 1_000),
    pastDueSince: null,
  };
}

async function run(shop: Shop, lane: Lane, { events, way }: Plan): Promise<void> {
  const { db } = database;
  const { subscriberId } = lane;
  await db.stripeEvent.deleteMany({ where: { customerId: lane.customer } });
  await db.membership.deleteMany({ where: { subscriberId } });
  await db.notice.deleteMany({ where: { subscriberId } });
  if (way === "at once") await Promise.all(events.map((event) => shop.receive(event)));
  else if (way === "in turn") await shop.receiveAll(events);
  else await receiveOverRestart(shop, events);
  expect(await shop.membership(subscriberId)).toMatchObject(lane.row);
  expect((await shop.mails(subscriberId)).sort()).toEqual(["membership-ended", "payment-received"]);
  expect(await db.stripeEvent.count({ where: { customerId: lane.customer, handledAt: null } })).toBe(0);
}

/** The first process stored everything and worked on half of it; the next has clients of its own and does the rest. */
async function receiveOverRestart(shop: Shop, events: readonly Stripe.Event[]): Promise<void> {
  const half = Math.ceil(events.length / 2);
  for (const event of events) await shop.store(event);
  await shop.receiveAll(events.slice(0, half));
  const db = createDatabase(database.url, { connections: 2 });
  try {
    await till(db, clientOf(shop.url)).receiveAll(events.slice(half));
  } finally {
    await db.$disconnect();
  }
}

/** Each lane is a customer of its own and goes through its share of the plans, so that lanes run side by side. */
async function runAll(shop: Shop, plans: ((lane: Lane) => Plan)[], what: string): Promise<void> {
  const lanes: Lane[] = [];
  for (let number = 0; number < LANES; number += 1) lanes.push(await openLane(shop));
  await Promise.all(
    lanes.map(async (lane, number) => {
      for (const plan of plans.filter((_plan, at) => at % LANES === number)) {
        await run(shop, lane, plan(lane));
        countRun(what);
      }
    }),
  );
}

function permutations(length: number): number[][] {
  if (length === 0) return [[]];
  return permutations(length - 1).flatMap((shorter) =>
    Array.from({ length }, (_, at) => [...shorter.slice(0, at), length - 1, ...shorter.slice(at)]),
  );
}

const ORDERS = permutations(KINDS.length);
const QUARTERS = [0, 1, 2, 3].map((quarter) => ORDERS.filter((_order, at) => at % 4 === quarter));
const pick = (lane: Lane, order: readonly number[]) =>
  order.map((at, place) => {
    const event = lane.events[at];
    if (!event) throw new Error(`There is no event ${at}.`);
    // Stripe may tell one fact under two ids; every third repetition does so.
    const earlier = order.slice(0, place).filter((other) => other === at).length;
    return earlier < 2 ? event : { ...event, id: `${event.id}_again` };
  });

const repeated = fc
  .tuple(fc.constantFrom(...ORDERS), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }))
  .chain(([order, times]) => {
    const all = order.flatMap((at) => Array.from({ length: times[at] ?? 1 }, () => at));
    return fc.shuffledSubarray(all, { minLength: all.length });
  });

/** `<from>-<to>` of all the ways to repeat them; none without it. */
function partOf(wish = ""): [number, number] {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(wish) ?? [];
  return [Number(from ?? 0), Number(to ?? 0)];
}

function everyRepetition(): number[][] {
  const counts = Array.from({ length: 3 ** 5 }, (_, code) =>
    KINDS.map((_kind, at) => 1 + (Math.floor(code / 3 ** at) % 3)),
  );
  const random = fc.sample(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), {
    numRuns: 1,
    seed: SEED,
  })[0];
  const weigh = (at: number) => ({ at, weight: Number(random?.next().value) });
  return ORDERS.flatMap((order) =>
    counts.map((times) => {
      const further = order.flatMap((at) => Array.from({ length: (times[at] ?? 1) - 1 }, () => weigh(at)));
      return [...order, ...further.sort((a, b) => a.weight - b.weight).map(({ at }) => at)];
    }),
  );
}

describe("S02: whatever order events come in, the end is what Stripe holds, and each mail once", () => {
  test("there are 120 orders, and each is in one of the quarters", () => {
    expect(new Set(QUARTERS.flat().map(String)).size).toBe(120);
  });

  // A quarter each, since all of them take longer than one test may on a busy machine.
  test.each(QUARTERS.map((orders, at) => ({ orders, quarter: at + 1 })))(
    "in all 120 orders, quarter $quarter",
    async ({ orders }) => {
      const shop = await openShop(database.db, { trialDays: 0 });
      const plans = orders.map(
        (order) =>
          (lane: Lane): Plan => ({ events: pick(lane, order), way: "in turn" }),
      );
      await runAll(shop, plans, "orders");
    },
  );

  test(
    "with repeats, in turn, at once, and over a restart of the process",
    async () => {
      const shop = await openShop(database.db, { trialDays: 0 });
      const orders = WHOLE
        ? everyRepetition().slice(FROM, TO)
        : fc.sample(repeated, { numRuns: 24, seed: SEED });
      const ways = ["in turn", "at once", "over a restart"] as const;
      const plans = orders.map((order, number) => (lane: Lane): Plan => {
        return { events: pick(lane, order), way: ways[Math.floor(number / LANES) % 3] ?? "in turn" };
      });
      await runAll(shop, plans, "with repeats");
    },
    WHOLE ? 6 * 3_600_000 : 60_000,
  );

  test("while the life still goes on: what came late or twice never undoes what came after", async () => {
    const shop = await openShop(database.db);
    const readers = [];
    for (let number = 0; number < 4; number += 1) readers.push(await shop.addReader());
    const stages: ((id: string) => Promise<unknown>)[] = [
      (id) => shop.checkOut(id),
      async () => undefined,
      async (id) =>
        shop.stripe.subscriptions.update((await shop.subscriptionOf(id)).id, { cancel_at_period_end: true }),
      async (id) => shop.stripe.subscriptions.cancel((await shop.subscriptionOf(id)).id),
    ];
    const luck =
      fc.sample(fc.array(fc.nat(99), { minLength: 400, maxLength: 400 }), { numRuns: 1, seed: SEED })[0] ??
      [];
    const draw = () => luck.pop() ?? 0;
    for (const [number, stage] of stages.entries()) {
      for (const { id } of readers) await stage(id);
      if (number === 1) await shop.advance({ seconds: 8 * DAY });
      const told = (await shop.events()).map((event) => ({ event, weight: draw() }));
      const some = told.sort((a, b) => a.weight - b.weight).map(({ event }) => event);
      await shop.receiveAll(number === stages.length - 1 ? some : some.slice(0, some.length / 2));
    }
    for (const { id } of readers) {
      const subscription = await shop.subscriptionOf(id);
      expect(await shop.membership(id)).toMatchObject(rowOf(subscription));
      const mails = await shop.mails(id);
      expect(mails, "a mail came twice").toHaveLength(new Set(mails).size);
      countRun("lives");
    }
  });

  test("and though the worker is killed in the middle", async () => {
    const shop = await openShop(database.db, { trialDays: 0 });
    const lanes = [await openLane(shop), await openLane(shop), await openLane(shop), await openLane(shop)];
    for (const lane of lanes) {
      for (const event of pick(lane, [4, 0, 4, 2, 1, 3, 0, 4, 2, 0, 2])) await shop.store(event);
    }
    const unhandled = () => database.db.stripeEvent.count({ where: { handledAt: null } });
    const stored = await unhandled();
    // Some answers come, then Stripe falls silent, so that the process surely dies with work in its hands.
    await shop.trouble({ trouble: "hang", call: "GET /v1/subscriptions", after: 5 });
    const worker = startWorker(shop.url);
    await vi.waitFor(async () => expect(await unhandled()).toBeLessThan(stored), {
      timeout: 50_000,
      interval: 20,
    });
    worker.kill("SIGKILL");
    await once(worker, "exit");
    expect(await unhandled()).toBeGreaterThan(0);
    await shop.endTrouble();
    await till(database.db, clientOf(shop.url)).work();
    expect(await unhandled()).toBe(0);
    for (const { subscriberId, row } of lanes) {
      expect(await shop.membership(subscriberId)).toMatchObject(row);
      expect((await shop.mails(subscriberId)).sort()).toEqual(["membership-ended", "payment-received"]);
      countRun("over a killed worker");
    }
  });
});

function startWorker(stripeUrl: string): ChildProcess {
  const folder = mkdtempSync(join(tmpdir(), "masthead-events-"));
  const worker = spawn(process.execPath, ["--import", "tsx", "lib/worker/main.ts"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      STRIPE_SECRET_KEY: "sk_test_of_the_sandbox",
      STRIPE_API_BASE: stripeUrl,
      MEDIA_FOLDER: join(folder, "media"),
      JOURNAL_FOLDER: join(folder, "journal"),
      LOG_LEVEL: "silent",
    },
  });
  onTestFinished(async () => {
    if (worker.exitCode === null && worker.signalCode === null) {
      worker.kill("SIGKILL");
      await once(worker, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return worker;
}
