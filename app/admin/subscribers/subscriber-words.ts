import type { SubscriberInList } from "@/lib/subscribers/queries";

export const STATUSES = ["CONFIRMED", "PENDING", "UNSUBSCRIBED", "SUPPRESSED"] as const;
export type Status = SubscriberInList["status"];

const WORDS: Readonly<Record<Status, string>> = {
  CONFIRMED: "confirmed",
  PENDING: "pending",
  UNSUBSCRIBED: "unsubscribed",
  SUPPRESSED: "suppressed",
};

export function statusInWords(status: Status): string {
  return WORDS[status];
}

export function statusTone(status: Status): "good" | "bad" | "plain" {
  if (status === "CONFIRMED") return "good";
  return status === "SUPPRESSED" ? "bad" : "plain";
}

/** `past due`, as Stripe's word reads. */
export function membershipStatusInWords(status: string | null): string {
  return status?.toLowerCase().replaceAll("_", " ") ?? "";
}
