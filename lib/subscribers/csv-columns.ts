import type { SubscriberStatus } from "@/prisma/generated/enums";
import { parseAddress } from "./address";
import { type PaidElsewhere, PLAN_HEADINGS, readPaidElsewhere } from "./paid-elsewhere";

/**
 * What a row of somebody else's subscriber list says. Knows the headings of our own export and of the exports of
 * Substack, Ghost, beehiiv, Buttondown and Mailchimp; any other column is left alone. Pure.
 */
export type ListRow = {
  email: string;
  name: string;
  /** What the list says of the person; null where it says nothing. */
  status: SubscriberStatus | null;
  createdAt: Date | null;
  /** What the person paid for, or was given, in the place where the list comes from. */
  paid: PaidElsewhere | null;
};

export type RowResult = { ok: true; row: ListRow } | { ok: false; problem: string };

const HEADINGS = {
  email: ["email", "email address", "e-mail", "mail", "address"],
  name: ["name", "full name"],
  firstName: ["first name", "first_name", "firstname"],
  lastName: ["last name", "last_name", "lastname"],
  status: ["status", "state", "type"],
  /** Columns whose true means that mail is not wanted. */
  refuses: ["email_disabled", "unsubscribed"],
  /** Columns whose false means that mail is not wanted. */
  accepts: ["subscribed_to_emails", "subscribed"],
  unsubscribedAt: ["unsubscribed_at", "unsubscribed at", "unsub_time"],
  createdAt: [
    "created_at",
    "created at",
    "created",
    "subscribed_at",
    "creation_date",
    "optin_time",
    "confirm_time",
  ],
  ...PLAN_HEADINGS,
} as const;

type Column = keyof typeof HEADINGS;
export type Columns = Partial<Record<Column, number>>;

/** Where each column stands, by its heading in any case. Null without a column of addresses. */
export function findColumns(headings: string[]): Columns | null {
  const wanted = headings.map((heading) => heading.trim().toLowerCase());
  const columns: Columns = {};
  for (const [column, names] of Object.entries(HEADINGS) as [Column, readonly string[]][]) {
    const index = wanted.findIndex((heading) => names.includes(heading));
    if (index >= 0) columns[column] = index;
  }
  return columns.email === undefined ? null : columns;
}

const STATUS_WORDS: Record<string, SubscriberStatus> = {
  active: "CONFIRMED",
  confirmed: "CONFIRMED",
  enabled: "CONFIRMED",
  subscribed: "CONFIRMED",
  regular: "CONFIRMED",
  premium: "CONFIRMED",
  inactive: "UNSUBSCRIBED",
  removed: "UNSUBSCRIBED",
  unsubscribed: "UNSUBSCRIBED",
  disabled: "UNSUBSCRIBED",
  blocklisted: "SUPPRESSED",
  bounced: "SUPPRESSED",
  cleaned: "SUPPRESSED",
  complained: "SUPPRESSED",
  spam: "SUPPRESSED",
  suppressed: "SUPPRESSED",
  undeliverable: "SUPPRESSED",
  pending: "PENDING",
  unactivated: "PENDING",
  unconfirmed: "PENDING",
  validating: "PENDING",
};

const YES = new Set(["true", "yes", "1", "t", "y"]);
const NO = new Set(["false", "no", "0", "f", "n"]);

/** Reads one record. Nothing is guessed about an address: a row without a sound one is a problem with a reason. */
export function readListRow(cells: string[], columns: Columns): RowResult {
  const cell = (column: Column): string => {
    const index = columns[column];
    return index === undefined ? "" : withoutFormulaGuard((cells[index] ?? "").trim());
  };
  const address = parseAddress(cell("email"));
  if (!address.ok) return { ok: false, problem: cell("email") === "" ? "No address." : address.problem };
  if (/@deletion-request\.substack\.com$/.test(address.email)) {
    return { ok: false, problem: "This person asked Substack to be forgotten." };
  }
  const name = cell("name") || `${cell("firstName")} ${cell("lastName")}`.trim();
  return {
    ok: true,
    row: {
      email: address.email,
      name: cleanName(name),
      status: statusOf(cell),
      createdAt: readDate(cell("createdAt")),
      paid: readPaidElsewhere(cell, { hasActive: columns.active !== undefined }),
    },
  };
}

function statusOf(cell: (column: Column) => string): SubscriberStatus | null {
  const said = STATUS_WORDS[cell("status").toLowerCase()] ?? null;
  if (said === "SUPPRESSED") return said;
  const refuses =
    YES.has(cell("refuses").toLowerCase()) ||
    NO.has(cell("accepts").toLowerCase()) ||
    readDate(cell("unsubscribedAt")) !== null;
  return refuses ? "UNSUBSCRIBED" : said;
}

/** Takes back the `'` that exports put before what a spreadsheet would run. */
function withoutFormulaGuard(value: string): string {
  return /^'[=+\-@\t\r＝＋－＠]/.test(value) ? value.slice(1) : value;
}

/** At most 80 characters, without control, bidirectional and zero-width characters, never half a surrogate pair. */
export function cleanName(name: string): string {
  const visible = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029\ufffd]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return [...visible].slice(0, 80).join("").trim();
}

/** Null for what is no date, and for moments before e-mail lists or after the next year. */
function readDate(value: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}/.test(value) && !/^\d{1,2}\/\d{1,2}\/\d{4}/.test(value)) return null;
  const zoned = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(value)
    ? `${value.replace(" ", "T")}Z`
    : value;
  const date = new Date(zoned);
  const year = date.getUTCFullYear();
  return Number.isNaN(date.getTime()) || year < 1990 || year > 2100 ? null : date;
}
