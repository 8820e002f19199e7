import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { isOver } from "../billing/cancel";
import { changePrice, type Proration } from "../billing/change-price";
import { soleItem } from "../billing/invoice-record";
import { endTrialNow } from "../billing/periods";
import { formatInterval, formatMoney } from "../money";
import type { PortalSession, Price, Subscription } from "../records";
import type { Sandbox } from "../sandbox";

const PRORATIONS: readonly Proration[] = ["always_invoice", "create_prorations", "none"];

/** What a subscription may be switched to on this page: nothing unless the session's configuration says so. */
export function switchesFor({ state }: Sandbox, session: PortalSession, subscription: Subscription): Price[] {
  const update = state.portalConfigurations.get(session.configuration)?.features.subscription_update;
  const isRunning = subscription.status === "active" || subscription.status === "trialing";
  if (!update?.enabled || !update.default_allowed_updates.includes("price") || !isRunning) return [];
  if (isOver(subscription) || subscription.cancel_at_period_end) return [];
  const current = soleItem(subscription).price;
  return (update.products ?? [])
    .flatMap(({ prices }) => prices)
    .flatMap((id) => state.prices.get(id) ?? [])
    .filter(({ id, active, currency }) => id !== current.id && active && currency === current.currency);
}

/** False for a price that is not among those; then nothing is changed. */
export function switchPrice(
  sandbox: Sandbox,
  session: PortalSession,
  subscription: Subscription,
  priceId: string,
): boolean {
  const price = switchesFor(sandbox, session, subscription).find(({ id }) => id === priceId);
  const update = sandbox.state.portalConfigurations.get(session.configuration)?.features.subscription_update;
  if (!price || !update) return false;
  const proration = PRORATIONS.find((known) => known === update.proration_behavior) ?? "none";
  const { quantity } = soleItem(subscription);
  changePrice(sandbox, subscription, { price, quantity }, proration);
  if (subscription.status === "trialing" && update.trial_update_behavior === "end_trial")
    endTrialNow(sandbox, subscription);
  return true;
}

export function switchForms(sandbox: Sandbox, session: PortalSession, subscription: Subscription): Markup[] {
  const waits = subscription.status === "trialing";
  return switchesFor(sandbox, session, subscription).map((price) => {
    const amount = `${formatMoney(price.unit_amount, price.currency)} per ${formatInterval(price.recurring)}`;
    return markup`<form method="post" action="/p/session/${session.id}">
<input type="hidden" name="subscription" value="${subscription.id}">
<input type="hidden" name="price" value="${price.id}">
<button class="main quiet" name="action" value="switch">Switch to ${amount}</button>
<p class="soft">${waits ? "Charged for the first time when the trial ends." : "Begins today: what is paid and unused counts towards it."}</p>
</form>`;
  });
}
