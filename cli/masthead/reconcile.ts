import type { Command } from "commander";
import { type Drift, type DriftKind, findDrift } from "@/lib/memberships/drift";
import type { Reconciled } from "@/lib/memberships/reconcile";
import { runReconciliation } from "@/lib/memberships/reconciliations";
import { getStripe } from "@/lib/stripe";
import { withInstallation } from "./installation";
import { answersWith, count } from "./verb";

type Wishes = { explain?: boolean; fix?: boolean };

export function addReconcile(program: Command): void {
  const command = program
    .command("reconcile")
    .description("compares memberships here with Stripe. Exit code 1 when they differ")
    .option("--explain", "say what each difference means and what to do")
    .option("--fix", "first bring our memberships up to date; what is left needs a decision");
  answersWith(command, (wishes: Wishes) =>
    withInstallation(async ({ db, env }) => {
      const stripe = getStripe();
      const services = { now: new Date(), publicUrl: env.PUBLIC_URL };
      const fixed = wishes.fix ? await runReconciliation(db, stripe, services) : null;
      const { checked, drifts } = await findDrift(db, stripe, services);
      const words = [
        ...(fixed ? fixedWords(fixed) : []),
        `${count(checked, "customer")} compared with Stripe: ${drifts.length === 0 ? "no difference" : count(drifts.length, "difference")}.`,
        ...drifts.flatMap((drift) => driftWords(drift, wishes)),
      ];
      const mendable = drifts.some((drift) => drift.mendable);
      if (mendable && !wishes.fix)
        words.push("`npm run masthead -- reconcile --fix` mends what can be mended.");
      const failed = drifts.length > 0 || (fixed?.failed ?? 0) > 0;
      return { data: { checked, drifts, fixed }, words, failed };
    }),
  );
}

function fixedWords({ checked, changed, failed }: Reconciled): string[] {
  const words = [`${count(checked, "customer")} looked up at Stripe, ${changed} of them mended.`];
  if (failed > 0) words.push(`${failed} of them failed and stay as they were.`);
  return words;
}

function driftWords(drift: Drift, { explain }: Wishes): string[] {
  const { kind, customerId, subscriberId, here, atStripe, mendable } = drift;
  const who = [customerId, subscriberId && `subscriber ${subscriberId}`].filter(Boolean).join(", ");
  const line = `  ${kind.padEnd(21)} ${who}: here ${here ?? "nothing"}, at Stripe ${atStripe ?? "nothing"}`;
  if (!explain) return [line];
  return [line, `    ${MEANING[kind]} ${mendable ? "--fix mends it." : DECISION[kind]}`];
}

const MEANING: Readonly<Record<DriftKind, string>> = {
  "no-member-here": "Somebody pays at Stripe and reads nothing here.",
  "no-subscription-there": "Somebody reads as a member, and Stripe has no subscription of theirs.",
  "two-subscriptions": "One person pays twice.",
  "trial-as-paid": "Stripe says that this is a trial; here it counts as paid.",
  status: "Stripe's word decides about access, and ours is another.",
  price: "The price is not one of this publication's membership, or not the one we noted.",
  dates: "A date or a cancellation is not as Stripe has it.",
};

const SEE_STRIPE = "Look at it on Stripe's dashboard and end it there, or leave it.";

const DECISION: Readonly<Record<DriftKind, string>> = {
  "no-member-here":
    "This customer belongs to no subscriber here; addresses alone prove nothing. End it at Stripe, or leave it.",
  "no-subscription-there":
    "The Stripe account that is configured does not know this customer. Is it the right one?",
  "two-subscriptions":
    "Not both were sold by our checkout: end one at Stripe and give its payment back there.",
  "trial-as-paid": SEE_STRIPE,
  status: SEE_STRIPE,
  price: SEE_STRIPE,
  dates: SEE_STRIPE,
};
