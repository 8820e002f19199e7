import { expect, test } from "vitest";
import { Chaos, chaosShape, type Turn } from "./chaos";
import { listenForWebhooks, openSandbox, postJson, startTrial } from "./test-stripe";

async function openChaos(settings: object) {
  const webhooks = await listenForWebhooks();
  const sandbox = await openSandbox({ webhookUrl: webhooks.url });
  const { stripe } = sandbox;
  const response = await postJson(`${sandbox.url}/_sandbox/chaos`, settings);
  if (!response.ok) throw new Error(await response.text());
  return { ...sandbox, stripe, webhooks };
}

test("the same seed gives the same turns, another seed others", () => {
  const turnsOf = (seed: number) => {
    const chaos = new Chaos();
    chaos.set(chaosShape.parse({ seed, drop: 0.3, duplicate: 0.3, reorder: 0.3, twice: 0.3, delay: 0.3 }));
    return Array.from({ length: 50 }, () => [...chaos.nextTurns()].join());
  };
  expect(turnsOf(7)).toEqual(turnsOf(7));
  expect(turnsOf(7)).not.toEqual(turnsOf(8));
});

test("a chance is met about as often as it says, each turn on its own", () => {
  const chaos = new Chaos();
  chaos.set(chaosShape.parse({ seed: 3, drop: 0.25, twice: 0.75 }));
  const counts: Record<Turn, number> = { duplicate: 0, drop: 0, delay: 0, reorder: 0, twice: 0 };
  for (let event = 0; event < 2_000; event += 1) for (const turn of chaos.nextTurns()) counts[turn] += 1;
  expect(counts).toMatchObject({ duplicate: 0, delay: 0, reorder: 0 });
  expect(counts.drop).toBeGreaterThan(400);
  expect(counts.drop).toBeLessThan(600);
  expect(counts.twice).toBeGreaterThan(1_400);
  expect(counts.twice).toBeLessThan(1_600);
});

test("a duplicate is one event that arrives twice", async () => {
  const { stripe, webhooks } = await openChaos({ duplicate: 1 });
  await stripe.customers.create({});
  await webhooks.arrived(2);
  expect(new Set(webhooks.received.map(({ id }) => id)).size).toBe(1);
});

test("one fact may be told by two events with ids of their own", async () => {
  const { stripe, webhooks } = await openChaos({ twice: 1 });
  const { id } = await stripe.customers.create({});
  await webhooks.arrived(2);
  expect(new Set(webhooks.received.map((event) => event.id)).size).toBe(2);
  expect(webhooks.received.map(({ data }) => data.object)).toMatchObject([{ id }, { id }]);
  expect((await stripe.events.list()).data).toHaveLength(2);
});

test("a dropped event stays visible as lost, and can be sent by hand", async () => {
  const { url, stripe, webhooks } = await openChaos({ drop: 1 });
  await stripe.customers.create({});
  const [event] = (await stripe.events.list()).data;
  const deliveries = async () => (await (await fetch(`${url}/_sandbox/state`)).json()).deliveries;
  expect(await deliveries()).toMatchObject([{ status: "lost", tries: 0, turns: ["drop"] }]);
  await fetch(url, {
    method: "POST",
    body: new URLSearchParams({ action: "resend", event: event?.id ?? "" }),
  });
  expect(webhooks.types()).toEqual(["customer.created"]);
  expect(await deliveries()).toMatchObject([
    { status: "delivered", tries: 1, attempts: [{ httpStatus: 200, error: null }] },
  ]);
});

test("a delayed event arrives later, while the clock goes on", async () => {
  const { stripe, webhooks, advance } = await openChaos({ delay: 1, delayMs: 150 });
  await stripe.customers.create({});
  await advance({ seconds: 60 });
  expect(webhooks.types()).toEqual([]);
  await webhooks.arrived(1);
});

test("an overtaken event arrives after the next one", async () => {
  const sandbox = await openChaos({ seed: 5, reorder: 0.5 });
  await startTrial(sandbox);
  await sandbox.advance({ seconds: 1 });
  const happened = (await sandbox.stripe.events.list({ limit: 100 })).data.map(({ id }) => id).reverse();
  const arrived = sandbox.webhooks.received.map(({ id }) => id);
  expect(new Set(arrived)).toEqual(new Set(happened));
  expect(arrived).not.toEqual(happened);
});

test("without chaos nothing is lost, doubled or told twice", async () => {
  const webhooks = await listenForWebhooks();
  const sandbox = await openSandbox({ webhookUrl: webhooks.url });
  await startTrial(sandbox);
  const { data } = await sandbox.stripe.events.list({ limit: 100 });
  expect(webhooks.received.map(({ id }) => id).sort()).toEqual(data.map(({ id }) => id).sort());
});
