import type { Command } from "commander";
import { type Outcome, type StripeSetUp, setUpStripe } from "@/lib/memberships/set-up-stripe";
import { createStripe } from "@/lib/stripe";
import { withInstallation } from "./installation";
import { answersWith } from "./verb";

export function addStripe(program: Command): void {
  const stripe = program.command("stripe").description("the account at Stripe").helpCommand(false);
  const setUp = stripe
    .command("set-up")
    .description(
      "makes or finds product, prices, the customer portal's configuration and the webhook endpoint. May run again",
    );
  answersWith(setUp, () => {
    // Nobody can know the endpoint's secret before this made the endpoint. Nothing here is checked by it.
    process.env.STRIPE_WEBHOOK_SECRET ||= "whsec_not_known_yet";
    return withInstallation(async ({ db, env }) => {
      const stripe = createStripe(env.STRIPE_SECRET_KEY, env.STRIPE_API_BASE);
      const found = await setUpStripe(db, stripe, { publicUrl: env.PUBLIC_URL });
      const account = accountInWords(env);
      return { data: { account, ...found }, words: [`Stripe: ${account}.`, ...asLines(found, env)] };
    });
  });
}

type Surroundings = { STRIPE_SECRET_KEY: string; STRIPE_API_BASE?: string | undefined };

function accountInWords({ STRIPE_SECRET_KEY, STRIPE_API_BASE }: Surroundings): string {
  if (STRIPE_API_BASE) return `a stand-in at ${STRIPE_API_BASE}`;
  return /^(sk|rk)_live_/.test(STRIPE_SECRET_KEY)
    ? "live, people are charged"
    : "test mode, nobody is charged";
}

function asLines({ product, prices, portal, webhook }: StripeSetUp, env: Surroundings): string[] {
  return [
    line(product.outcome, "Product", product.id),
    ...prices.map(({ outcome, price, id }) => line(outcome, "Price", `${price}, ${id}`)),
    line(portal.outcome, "Portal", portal.id),
    ...webhookLines(webhook, env),
  ];
}

function webhookLines(webhook: StripeSetUp["webhook"], { STRIPE_API_BASE }: Surroundings): string[] {
  if (webhook.kind === "unreachable") {
    const advice = STRIPE_API_BASE
      ? "The stand-in sends its events there by itself."
      : `Run \`stripe listen --forward-to ${webhook.url}\` (Stripe's own command): it prints the secret for STRIPE_WEBHOOK_SECRET.`;
    return [line("none", "Webhook", `${webhook.url} cannot be reached from outside.`), indented(advice)];
  }
  const { outcome, url, id, secret } = webhook;
  const what = line(outcome, "Webhook", `${url}, ${id}`);
  if (secret !== null)
    return [
      what,
      indented("Told only now; put it into the environment and start again:"),
      indented(`STRIPE_WEBHOOK_SECRET=${secret}`),
    ];
  return [
    what,
    indented(
      "Its secret is shown at Stripe, under Developers, Webhooks, this endpoint; it belongs into STRIPE_WEBHOOK_SECRET.",
    ),
  ];
}

function line(outcome: Outcome | "none", name: string, says: string): string {
  return `${outcome.padEnd(8)} ${name.padEnd(8)} ${says}`;
}

function indented(words: string): string {
  return `${" ".repeat(18)}${words}`;
}
