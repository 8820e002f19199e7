import { makeToken } from "@/lib/tokens";

/** Of the page that cancels this subscription alone, without signing in. Lives as long as the mail that carries it. */
export function cancelUrl(stripeSubscriptionId: string, { publicUrl }: { publicUrl: string }): string {
  return `${publicUrl}/cancel?token=${makeToken("cancel", stripeSubscriptionId)}`;
}
