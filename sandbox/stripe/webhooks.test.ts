import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startStripeSandbox } from "./server";
import { listenForWebhooks, openSandbox, START, startTrial, WEBHOOK_SECRET } from "./test-stripe";

async function scratchFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stripe-sandbox-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "deeper", "stripe.json");
}

test("an event that is not taken is sent again until it is", async () => {
  const webhooks = await listenForWebhooks([500, 302, 503, 200]);
  const { stripe } = await openSandbox({ webhookUrl: webhooks.url, webhookPauseMs: 1 });
  await stripe.customers.create({});
  await webhooks.arrived(4);
  expect(new Set(webhooks.received.map(({ id }) => id)).size).toBe(1);
  expect(webhooks.unsigned).toEqual([]);
  const id = webhooks.received[0]?.id ?? "";
  await expect.poll(async () => (await stripe.events.retrieve(id)).pending_webhooks).toBe(0);
  expect((await stripe.events.list({ delivery_success: true })).data).toHaveLength(1);
});

test("after ten tries it is given up, stays visible, and can be sent by hand", async () => {
  const webhooks = await listenForWebhooks(Array.from({ length: 10 }, () => 500));
  const sandbox = await openSandbox({ webhookUrl: webhooks.url, webhookPauseMs: 1 });
  await sandbox.stripe.customers.create({});
  await webhooks.arrived(10);
  const deliveries = async () => {
    const state: { deliveries: unknown[] } = await (await fetch(`${sandbox.url}/_sandbox/state`)).json();
    return state.deliveries;
  };
  await expect
    .poll(deliveries, { timeout: 4_000 })
    .toMatchObject([{ status: "failed", tries: 10, error: "answered 500" }]);
  const event = webhooks.received[0]?.id ?? "";
  await fetch(sandbox.url, { method: "POST", body: new URLSearchParams({ action: "resend", event }) });
  expect(await deliveries()).toMatchObject([{ status: "delivered" }]);
});

test("an endpoint that is not there delays nobody", async () => {
  const sandbox = await openSandbox({ webhookUrl: "http://127.0.0.1:9/webhook" });
  const { subscription } = await startTrial(sandbox);
  await sandbox.advance({ seconds: 9 * 86_400 });
  expect((await sandbox.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  expect(await (await fetch(sandbox.url)).text()).toContain("pending");
});

test("a second start keeps customers, time and undelivered events", async () => {
  const dataFile = await scratchFile();
  const first = await openSandbox({ dataFile, webhookUrl: "http://127.0.0.1:9/webhook" });
  const { subscription } = await startTrial(first);
  await first.advance({ seconds: 2 * 86_400 });
  await first.close();
  const webhooks = await listenForWebhooks();
  const started = await startStripeSandbox({
    port: 0,
    webhookUrl: webhooks.url,
    webhookSecret: WEBHOOK_SECRET,
    secretKey: "sk_test_of_the_sandbox",
    dataFile,
  });
  onTestFinished(started.close);
  const state: { now: string; subscriptions: object[]; events: object[] } = await (
    await fetch(`${started.url}/_sandbox/state`)
  ).json();
  expect(state.subscriptions).toMatchObject([{ id: subscription.id, status: "trialing" }]);
  expect(Date.parse(state.now)).toBeGreaterThanOrEqual(START.getTime() + 2 * 86_400_000);
  await webhooks.arrived(state.events.length);
  expect(webhooks.unsigned).toEqual([]);
});

test("a file that is no saved state stops the start, and is left as it was", async () => {
  const dataFile = await scratchFile();
  const first = await openSandbox({ dataFile });
  await first.stripe.customers.create({});
  await first.close();
  await writeFile(dataFile, "half of {");
  await expect(openSandbox({ dataFile })).rejects.toThrow("is not a saved state");
  expect(await readFile(dataFile, "utf8")).toBe("half of {");
});
