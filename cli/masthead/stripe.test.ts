import { beforeEach, expect, test, vi } from "vitest";
import { WEBHOOK_EVENTS } from "@/lib/memberships/set-up-stripe";
import { createPublication } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { openSandbox, SECRET_KEY } from "@/sandbox/stripe/test-stripe";
import { runCommand } from "./program";

const database = useTestDatabase({ emptyEachTime: true });
const PUBLIC_URL = "https://gazette.example.com";
beforeEach(() => createPublication(database.db, { yearlyPriceCents: 3_000 }));

/** An account with nothing in it, and the command that prepares it. */
async function openAccount() {
  const sandbox = await openSandbox();
  const setUp = async (more: { publicUrl?: string; key?: string } = {}, ...parameters: string[]) => {
    vi.stubEnv("DATABASE_URL", database.url);
    vi.stubEnv("PUBLIC_URL", more.publicUrl ?? PUBLIC_URL);
    vi.stubEnv("STRIPE_API_BASE", sandbox.url);
    vi.stubEnv("STRIPE_SECRET_KEY", more.key ?? SECRET_KEY);
    vi.stubEnv("STRIPE_WEBHOOK_SECRET", "");
    const said = { out: "", err: "" };
    const hear = (name: "out" | "err") => (words: string | Uint8Array) => {
      said[name] += String(words);
      return true;
    };
    const spies = [
      vi.spyOn(process.stdout, "write").mockImplementation(hear("out")),
      vi.spyOn(process.stderr, "write").mockImplementation(hear("err")),
    ];
    try {
      return { code: await runCommand(["stripe", "set-up", ...parameters]), ...said };
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  };
  return { ...sandbox, setUp };
}

test("an empty account gets all that is needed, with the secret told once; a second run finds it and makes nothing", async () => {
  const { stripe, setUp } = await openAccount();
  const first = await setUp();
  expect(first).toMatchObject({ code: 0, err: "" });
  for (const words of [
    /^made +Product +prod_/m,
    /^made +Price +\$3 a month, price_/m,
    /^made +Price +\$30 a year/m,
  ]) {
    expect(first.out).toMatch(words);
  }
  expect(first.out).toMatch(/^made +Portal +bpc_/m);
  expect(first.out).toMatch(new RegExp(`^made +Webhook +${PUBLIC_URL}/api/stripe/webhook`, "m"));
  expect(first.out).toMatch(/STRIPE_WEBHOOK_SECRET=whsec_\w{20,}/);

  const second = await setUp();
  expect(second.code).toBe(0);
  expect(second.out.match(/^found/gm)).toHaveLength(5);
  expect(second.out).not.toMatch(/made|whsec_/);
  expect(second.out).toContain("Its secret is shown at Stripe");
  const { products, prices, webhookEndpoints, billingPortal } = stripe;
  const lists = [products, prices, webhookEndpoints, billingPortal.configurations];
  const counts = await Promise.all(lists.map(async (each) => (await each.list()).data.length));
  expect(counts).toEqual([1, 2, 1, 1]);
});

test("for programs it answers as JSON, and prices that changed are made anew", async () => {
  const { setUp, stripe } = await openAccount();
  await setUp();
  await database.db.publication.updateMany({
    data: { yearlyPriceCents: 4_000, stripePriceId: null, stripeYearlyPriceId: null },
  });
  const { code, out } = await setUp({}, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    product: { outcome: "found" },
    prices: [
      { price: "$3 a month", outcome: "found" },
      { price: "$40 a year", outcome: "made" },
    ],
    portal: { outcome: "changed" },
    webhook: { kind: "endpoint", outcome: "found", secret: null },
  });
  expect((await stripe.prices.list({ active: true })).data).toHaveLength(2);
});

test("an endpoint that was switched off or misses events is mended; one that hears everything is left", async () => {
  const { setUp, stripe } = await openAccount();
  const url = `${PUBLIC_URL}/api/stripe/webhook`;
  const { id } = await stripe.webhookEndpoints.create({
    url,
    enabled_events: ["invoice.paid", "payout.paid"],
  });
  await stripe.webhookEndpoints.update(id, { disabled: true });
  const { out } = await setUp();
  expect(out).toMatch(/^changed +Webhook/m);
  const mended = await stripe.webhookEndpoints.retrieve(id);
  expect(mended.status).toBe("enabled");
  expect([...mended.enabled_events].sort()).toEqual([...WEBHOOK_EVENTS, "payout.paid"].sort());
  await stripe.webhookEndpoints.update(id, { enabled_events: ["*"] });
  expect((await setUp()).out).toMatch(/^found +Webhook/m);
});

test.each(["http://localhost:3000", "http://127.0.0.1:3000", "http://192.168.1.4", "https://laptop.local"])(
  "on %s, which Stripe cannot reach, no endpoint is made",
  async (publicUrl) => {
    const { setUp, stripe } = await openAccount();
    const { code, out } = await setUp({ publicUrl });
    expect(code).toBe(0);
    expect(out).toContain(`${publicUrl}/api/stripe/webhook cannot be reached from outside.`);
    expect((await stripe.webhookEndpoints.list()).data).toEqual([]);
  },
);

test("a key that Stripe does not take is said with what to do, and the exit code is 1", async () => {
  const { setUp } = await openAccount();
  const refused = await setUp({ key: "sk_test_wrong" }, "--json");
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(JSON.parse(refused.err)).toMatchObject({
    code: "UNAVAILABLE",
    error: expect.stringContaining("Correct STRIPE_SECRET_KEY."),
  });
  expect(refused.err).not.toContain("sk_test_wrong");
});

test("--help says what it does", async () => {
  const { setUp } = await openAccount();
  const { code, out } = await setUp({}, "--help");
  expect(code).toBe(0);
  expect(out).toContain("webhook endpoint");
});
