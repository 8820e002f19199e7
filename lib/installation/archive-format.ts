/**
 * What lies in the archive of a whole installation: a ZIP with `masthead.json` (this manifest), lists with one JSON object
 * a line, each issue as JSON and as Markdown, and pictures under their own names. Sessions, sign-in codes, tokens and
 * mail that still waits to be sent are not part of it.
 */
import { z } from "zod";

export const FORMAT = 1;
export const MANIFEST = "masthead.json";

export const manifestSchema = z.object({
  format: z.number().int(),
  madeAt: z.iso.datetime(),
  /** Tells whether another installation has the same AUTH_SECRET, which keyed hashes depend on. */
  secretMark: z.string(),
});

export const LISTS = {
  publication: "publication.jsonl",
  snippets: "snippets.jsonl",
  authors: "authors.jsonl",
  suppressions: "suppressions.jsonl",
  usedTrials: "used-trials.jsonl",
  subscribers: "subscribers.jsonl",
  gifts: "gifts.jsonl",
  memberships: "memberships.jsonl",
  membershipChanges: "membership-changes.jsonl",
  payments: "payments.jsonl",
  moveIns: "move-ins.jsonl",
  keptPrices: "kept-prices.jsonl",
  statusLines: "status-lines.jsonl",
  frozenMails: "frozen-mails.jsonl",
  mailed: "mailed.jsonl",
  bounces: "bounces.jsonl",
  images: "pictures.jsonl",
} as const;

export const ISSUES = "issues/";
export const PICTURES = "pictures/";
