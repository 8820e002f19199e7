import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createMembership, createPublication, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { type StripeSandbox, startStripeSandbox } from "@/sandbox/stripe/server";
import { clientOf, createPrice, pay, SECRET_KEY, WEBHOOK_SECRET } from "@/sandbox/stripe/test-stripe";
import { callMasthead } from "./call.fixture";

/** What the command says of money and how it ends, with a Stripe of its own for the whole file. */

const database = useTestDatabase({ emptyEachTime: true });
let folder: string;
let sandbox: StripeSandbox;
let stripe: Stripe;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "masthead-money-"));
  sandbox = await startStripeSandbox({
    port: 0,
    webhookUrl: null,
    webhookSecret: WEBHOOK_SECRET,
    secretKey: SECRET_KEY,
  });
  stripe = clientOf(sandbox.url);
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await fetch(`${sandbox.url}/_sandbox/reset`, { method: "POST" });
  await createPublication(database.db);
});

const masthead = (...parameters: string[]) =>
  callMasthead(parameters, {
    DATABASE_URL: database.url,
    PUBLIC_URL: "http://127.0.0.1:1",
    INIT_CWD: folder,
    STRIPE_API_BASE: sandbox.url,
    STRIPE_SECRET_KEY: SECRET_KEY,
  });

/** Somebody who pays at Stripe, past our checkout. */
async function payer(email: string): Promise<string> {
  const { id } = await stripe.customers.create({ email });
  const price = await createPrice(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: id,
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: "http://127.0.0.1:9/done",
  });
  await pay(session);
  return id;
}

test("reconcile ends well where nothing differs", async () => {
  const answer = await masthead("reconcile");
  expect(answer).toMatchObject({
    code: 0,
    err: "",
    out: "0 customers compared with Stripe: no difference.\n",
  });
});

test("reconcile fails and says what differs, why, and what to do; --fix mends what it can", async () => {
  const customer = await payer("ann@example.com");
  const stranger = await payer("nobody@example.com");
  const { id } = await createSubscriber(database.db, { stripeCustomerId: customer });
  await database.db.keptPrice.createMany({
    data: (await stripe.prices.list()).data.map((price) => ({ id: price.id, keptAt: new Date() })),
  });
  const plain = await masthead("reconcile");
  expect(plain).toMatchObject({ code: 1, err: "" });
  expect(plain.out).toContain("2 customers compared with Stripe: 2 differences.");
  expect(plain.out).toMatch(
    new RegExp(`no-member-here +${customer}, subscriber ${id}: here nothing, at Stripe sub_`),
  );
  expect(plain.out).toContain("reconcile --fix");
  expect(plain.out).not.toContain("Somebody pays");
  const explained = await masthead("reconcile", "--explain");
  expect(explained.out).toContain("Somebody pays at Stripe and reads nothing here. --fix mends it.");
  expect(explained.out).toContain("This customer belongs to no subscriber here");
  const fixed = await masthead("reconcile", "--fix");
  expect(fixed).toMatchObject({ code: 1, err: "" });
  expect(fixed.out).toMatch(/^2 customers looked up at Stripe, 1 of them mended\./);
  expect(fixed.out).toContain("2 customers compared with Stripe: 1 difference.");
  expect(fixed.out).toContain(stranger);
  const [subscription] = (await stripe.subscriptions.list({ customer: stranger })).data;
  await stripe.subscriptions.cancel(String(subscription?.id));
  expect(await masthead("reconcile")).toMatchObject({ code: 0 });
});

test("reconcile answers programs in JSON, with the same exit code", async () => {
  const { id } = await createSubscriber(database.db, { stripeCustomerId: "cus_of_another_account" });
  await createMembership(database.db, id, { source: "STRIPE", status: "ACTIVE" });
  const { code, out } = await masthead("reconcile", "--json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    checked: 1,
    drifts: [{ kind: "no-subscription-there", subscriberId: id, mendable: false }],
    fixed: null,
  });
});

test("members move-in reports who pays, who is proposed and who needs a decision, and fails until all are settled", async () => {
  const ann = await payer("ann@elsewhere.example");
  await payer("bo@example.com");
  await writeFile(
    join(folder, "list.csv"),
    [
      "email,active_subscription,expiry,plan,stripe_customer_id",
      `ann@example.com,true,2090-01-01,monthly,${ann}`,
      "bo@example.com,true,2090-01-01,yearly,",
      "carl@example.com,true,2090-01-01,monthly,",
      "dora@example.com,true,2118-01-01,comp,",
      "eve@example.com,false,,other,",
    ].join("\n"),
  );
  const taken = await masthead("subscribers", "import", "list.csv", "--confirmed", "--source", "before");
  expect(taken.out).toContain("comped or gifted, and read everything now: 1");
  expect(taken.out).toContain("pay by the list: 3");
  const first = await masthead("members", "move-in");
  expect(first).toMatchObject({ code: 1, err: "" });
  expect(first.out).toContain("1 paying reader moved in, 1 of them now.\n1 reader comped, 0 gifted, 1 free.");
  expect(first.out).toMatch(/--yes-to-emails moves them:\n {2}bo@example\.com {2}yearly {2}cus_/);
  expect(first.out).toMatch(
    /Need a decision.*\n {2}carl@example\.com {2}monthly {2}Nobody with this address/,
  );
  const second = await masthead("members", "move-in", "--yes-to-emails", "--json");
  expect(second.code).toBe(1);
  expect(JSON.parse(second.out)).toMatchObject({
    run: { moved: 1, failed: 0 },
    counts: { moved: 2, comped: 1, free: 1, decisions: 1, proposals: 0 },
    decisions: [{ email: "carl@example.com", plan: "monthly", candidates: [] }],
  });
  await database.db.moveIn.updateMany({ where: { state: "UNDECIDED" }, data: { state: "LEFT" } });
  expect(await masthead("members", "move-in")).toMatchObject({ code: 0 });
});
