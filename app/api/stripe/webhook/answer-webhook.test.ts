import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database } from "@/lib/db";
import { applyMigrations } from "@/prisma/migrate";
import { useTestDatabase } from "@/prisma/test-database";
import { startPostgres } from "@/sandbox/postgres/server";
import { freePort } from "@/sandbox/process/ports";
import { makeScratchFolder } from "@/sandbox/process/scratch";
import { clientOf, openSandbox, WEBHOOK_SECRET } from "@/sandbox/stripe/test-stripe";
import { answerWebhook } from "./answer-webhook";

const database = useTestDatabase({ emptyEachTime: true });
const OTHER_SECRET = "whsec_the_newer_one";

/** The handler behind a real HTTP server. */
async function listen(db: Database = database.db, more: { live?: boolean } = {}) {
  const stripe = clientOf("http://127.0.0.1:9");
  const server = createServer(async (request, response) => {
    const init: RequestInit & { duplex: "half" } = {
      method: "POST",
      headers: request.headers as Record<string, string>,
      body: Readable.toWeb(request) as ReadableStream,
      duplex: "half",
    };
    const answer = await answerWebhook(new Request("http://127.0.0.1/api/stripe/webhook", init), {
      db,
      stripe,
      secrets: [OTHER_SECRET, WEBHOOK_SECRET],
      live: more.live ?? false,
    });
    response.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return `http://127.0.0.1:${address.port}/`;
}

const EVENT = {
  id: "evt_one",
  object: "event",
  type: "customer.subscription.updated",
  livemode: false,
  data: { object: { id: "sub_one", object: "subscription", customer: "cus_one", note: "Żółć" } },
};
const NOW = Math.floor(Date.now() / 1_000);

function sign(body: string | Buffer, { secret = WEBHOOK_SECRET, at = NOW, scheme = "v1" } = {}): string {
  const signature = createHmac("sha256", secret).update(`${at}.`).update(body).digest("hex");
  return `t=${at},${scheme}=${signature}`;
}

async function send(url: string, body: BodyInit, signature: string | null): Promise<number> {
  const headers = signature === null ? {} : { "stripe-signature": signature };
  const init: RequestInit & { duplex: "half" } = { method: "POST", body, headers, duplex: "half" };
  return (await fetch(url, init)).status;
}

const text = (event: object = EVENT) => JSON.stringify(event, null, 2);
const stored = () => database.db.stripeEvent.findMany();

test("S01: a signed event is stored once, however often and at once it comes", async () => {
  const url = await listen();
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(url, text(), sign(text()))));
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(await stored()).toMatchObject([{ id: "evt_one", customerId: "cus_one", handledAt: null }]);
});

test("S08: both secrets count while one is rotated", async () => {
  const url = await listen();
  expect(await send(url, text(), sign(text(), { secret: OTHER_SECRET }))).toBe(200);
  expect(await send(url, text({ ...EVENT, id: "evt_two" }), sign(text({ ...EVENT, id: "evt_two" })))).toBe(
    200,
  );
  expect(await stored()).toHaveLength(2);
});

test("an event of a kind that we do not know is taken", async () => {
  const url = await listen();
  const event = { ...EVENT, type: "moon.landed", data: { object: { object: "moon" } } };
  expect(await send(url, text(event), sign(text(event)))).toBe(200);
  expect(await stored()).toMatchObject([{ type: "moon.landed", customerId: null }]);
});

test("S05: one of the last five minutes is taken", async () => {
  const url = await listen();
  expect(await send(url, text(), sign(text(), { at: NOW - 280 }))).toBe(200);
});

const compact = JSON.stringify(EVENT);
test.each<[string, BodyInit, string | null]>([
  ["without a signature", text(), null],
  ["with an empty signature", text(), ""],
  ["signed with another secret", text(), sign(text(), { secret: "whsec_guessed" })],
  ["signed with an empty secret", text(), sign(text(), { secret: "" })],
  ["altered after it was signed", text({ ...EVENT, id: "evt_two" }), sign(text())],
  ["written anew after it was signed", compact, sign(text())],
  ["signed in an older scheme only", text(), sign(text(), { scheme: "v0" })],
  ["signed more than five minutes ago", text(), sign(text(), { at: NOW - 330 })],
  ["of Stripe's live mode", text({ ...EVENT, livemode: true }), sign(text({ ...EVENT, livemode: true }))],
  [
    "of another account",
    text({ ...EVENT, account: "acct_other" }),
    sign(text({ ...EVENT, account: "acct_other" })),
  ],
  ["that is no JSON", "{", sign("{")],
  ["with bytes that are no text", new Uint8Array([0xff, 0xfe, 0x7b]), sign(text())],
  ["that is empty", "", sign(text())],
])("S04, S05, S07: one %s is refused and not stored", async (_name, body, signature) => {
  const url = await listen();
  expect(await send(url, body, signature)).toBe(400);
  expect(await stored()).toEqual([]);
});

test("S07: a test event is refused by an installation that takes real money", async () => {
  const url = await listen(database.db, { live: true });
  expect(await send(url, text(), sign(text()))).toBe(400);
});

test("B78: what Stripe did not sign is refused without a word to the database", async () => {
  const untouched = new Proxy(database.db, {
    get: (_db, name) => {
      throw new Error(`the database was asked for ${String(name)}`);
    },
  });
  const url = await listen(untouched);
  const long = "x".repeat(10 * 1_024 * 1_024);
  expect(await send(url, text(), sign(text(), { secret: "whsec_guessed" }))).toBe(400);
  expect(await send(url, new Uint8Array([0xff, 0xfe, 0x7b]), sign(text()))).toBe(400);
  expect(await send(url, long, sign(long)).catch(() => 413)).toBe(413);
  // And where it is signed the database is asked, so the proxy would have told.
  expect(await send(url, text(), sign(text()))).toBe(500);
});

test("B78: a body that is too long is refused before its end, though it tells no length", async () => {
  const url = await listen();
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      if (sent > 200) controller.close();
      else controller.enqueue(new Uint8Array(64 * 1_024));
    },
  });
  expect(await send(url, endless, "t=1,v1=1").catch(() => 413)).toBe(413);
  expect(await stored()).toEqual([]);
});

test("S09: while Postgres is stopped Stripe is told to come again, and then the event is stored", async () => {
  const folder = await makeScratchFolder();
  const options = { folder: join(folder, "postgres"), port: await freePort() };
  let postgres = await startPostgres(options);
  const db = createDatabase(postgres.url);
  onTestFinished(async () => {
    await db.$disconnect();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });
  await applyMigrations(postgres.url);
  const url = await listen(db);
  await postgres.stop();
  expect(await send(url, text(), sign(text()))).toBe(500);
  postgres = await startPostgres(options);
  expect(await send(url, text(), sign(text()))).toBe(200);
  expect(await db.stripeEvent.count()).toBe(1);
});

test("S10: a process that dies between the commit and the answer makes nothing twice when Stripe comes again", async () => {
  const port = await freePort();
  const sandbox = await openSandbox({
    webhookUrl: `http://127.0.0.1:${port}/api/stripe/webhook`,
    webhookPauseMs: 500,
  });
  const dying = await startProcess(port, "dies");
  const died = once(dying, "exit");
  await sandbox.stripe.customers.create({ email: "reader@example.com" });
  expect(await died).toEqual([null, "SIGKILL"]);
  expect(await stored()).toMatchObject([{ type: "customer.created", handledAt: null }]);
  await startProcess(port);
  const deliveries = async () => {
    const response = await fetch(`${sandbox.url}/_sandbox/state`);
    return JSON.stringify(await response.json());
  };
  await expect.poll(deliveries, { timeout: 20_000 }).toContain('"status":"delivered"');
  expect(await stored()).toHaveLength(1);
});

async function startProcess(port: number, fate?: "dies"): Promise<ChildProcess> {
  const program = join(import.meta.dirname, "webhook-process.fixture.ts");
  const child = spawn(process.execPath, ["--import", "tsx", program, String(port), ...(fate ? [fate] : [])], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      LOG_LEVEL: "silent",
    },
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  });
  await once(child.stdout, "data");
  return child;
}

test("what the sandbox signs passes", async () => {
  const sandbox = await openSandbox({ webhookUrl: await listen() });
  await sandbox.stripe.customers.create({ email: "reader@example.com" });
  await sandbox.advance({ seconds: 1 });
  await expect.poll(stored).toMatchObject([{ type: "customer.created" }]);
});
