import type { Command } from "commander";
import { runReconciliation } from "@/lib/memberships/reconciliations";
import { getStripe } from "@/lib/stripe";
import { withInstallation } from "./installation";
import { answersWith, count } from "./verb";

export function addReconcile(program: Command): void {
  const command = program.command("reconcile").description("brings memberships up to date with Stripe");
  answersWith(command, () =>
    withInstallation(async ({ db, env }) => {
      const data = await runReconciliation(db, getStripe(), {
        now: new Date(),
        publicUrl: env.PUBLIC_URL,
      });
      const words = [`${count(data.checked, "customer")} looked up at Stripe.`];
      if (data.failed > 0) {
        words.push(
          `${data.failed} of them failed and stay as they were. \`npm run masthead -- doctor\` says whether Stripe answers.`,
        );
      }
      return { data, words, failed: data.failed > 0 };
    }),
  );
}
