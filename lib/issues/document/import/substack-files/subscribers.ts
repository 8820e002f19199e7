import { z } from "zod";
import { parseAddress } from "@/lib/subscribers/address";
import type { CsvFile, CsvRow } from "./csv";
import { flag, moment } from "./fields";
import type { ExportReport } from "./report";

/** What a subscriber has paid for or was given. `until` null with COMP is for life; with PAID it is unknown. */
export type ImportedMembership = { kind: "NONE" | "PAID" | "COMP" | "GIFT"; until: Date | null };

/** One address, in lower case, from all lists of the export together. */
export type ImportedSubscriberRow = {
  email: string;
  /** When the address joined; null where no list says it. */
  joinedAt: Date | null;
  /** True where any list says that mail is switched off: it must never be switched on by an import. */
  emailDisabled: boolean;
  membership: ImportedMembership;
  plan: string | null;
  stripeCustomerId: string | null;
  firstPaymentAt: Date | null;
};

export type SubscriberList = { name: string; file: CsvFile };

/** Substack writes a membership for life as one that ends about 2118. */
const FOR_LIFE_FROM = Date.UTC(2100, 0, 1);
const customer = z.string().regex(/^cus_\w{1,100}$/);

/** The current list, the older one, and the separate list of paid subscribers have these columns between them. */
const subscriberRow = z.object({
  active_subscription: flag,
  expiry: moment,
  plan: z.string().optional(),
  email_disabled: flag,
  created_at: moment,
  first_payment_at: moment,
  stripe_connected_customer_id: z.string().optional(),
  type: z.string().optional(),
});
type Row = z.infer<typeof subscriberRow>;

/** Joins all lists into one row per address. Every row that is left out or joined to another is reported by its line. */
export function readSubscribers(
  lists: readonly SubscriberList[],
  report: ExportReport,
): ImportedSubscriberRow[] {
  const found = new Map<string, { row: ImportedSubscriberRow; list: string }>();
  for (const { name, file } of lists) {
    for (const row of file.rows) {
      const what = `${name}, line ${row.line}`;
      const read = readRow(row, file.columns, what, report);
      if (!read) continue;
      const known = found.get(read.email);
      found.set(read.email, { row: known ? joined(known.row, read) : read, list: name });
      if (known?.list === name)
        report.skip(what, "The address stands in the list before; both rows became one.");
    }
  }
  return Array.from(found.values(), ({ row }) => row);
}

function readRow(
  { values }: CsvRow,
  columns: readonly string[],
  what: string,
  report: ExportReport,
): ImportedSubscriberRow | null {
  const written = (values.email ?? "").trim();
  if (written === "") return refuse(report, what, "The row has no address.");
  if (/@deletion-request\.substack\.com$/i.test(written))
    return refuse(report, what, "The reader asked Substack to be deleted.");
  const address = parseAddress(written);
  if (!address.ok)
    return refuse(report, what, "The address was not taken: it is not one plain address that can be mailed.");
  const parsed = subscriberRow.safeParse(values);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path }) => path.join(".")).join(", ");
    return refuse(report, what, `The row cannot be read; look at ${wrong}.`);
  }
  const row = parsed.data;
  const stripe = customer.safeParse(row.stripe_connected_customer_id);
  return {
    email: address.email,
    joinedAt: row.created_at,
    emailDisabled: row.email_disabled,
    membership: membershipOf(row, columns, what, report),
    plan: row.plan?.trim() || row.type?.trim() || null,
    stripeCustomerId: stripe.success ? stripe.data : null,
    firstPaymentAt: row.first_payment_at,
  };
}

function refuse(report: ExportReport, what: string, why: string): null {
  report.skip(what, why);
  return null;
}

function membershipOf(
  row: Row,
  columns: readonly string[],
  what: string,
  report: ExportReport,
): ImportedMembership {
  const none: ImportedMembership = { kind: "NONE", until: null };
  const plan = (row.type || row.plan || "").trim().toLowerCase();
  const isForLife = (row.expiry?.getTime() ?? 0) >= FOR_LIFE_FROM;
  const isPaidList = columns.includes("type") && columns.includes("stripe_connected_customer_id");
  if (isPaidList ? plan === "free" || plan === "" : !row.active_subscription) return none;
  if (plan === "comp" || isForLife) return { kind: "COMP", until: isForLife ? null : row.expiry };
  if (plan === "gift") return { kind: "GIFT", until: row.expiry };
  if (isPaidList && !row.stripe_connected_customer_id) {
    report.note(
      what,
      "Paid, but without a Stripe customer, as members of a group are: imported as a free reader.",
    );
    return none;
  }
  return { kind: "PAID", until: row.expiry };
}

const STRENGTH = { NONE: 0, GIFT: 1, COMP: 2, PAID: 3 } as const;

function earlier(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a <= b ? a : b;
}

function joined(a: ImportedSubscriberRow, b: ImportedSubscriberRow): ImportedSubscriberRow {
  const stronger = STRENGTH[b.membership.kind] > STRENGTH[a.membership.kind] ? b : a;
  return {
    email: a.email,
    joinedAt: earlier(a.joinedAt, b.joinedAt),
    emailDisabled: a.emailDisabled || b.emailDisabled,
    membership: stronger.membership,
    plan: stronger.plan,
    stripeCustomerId: a.stripeCustomerId ?? b.stripeCustomerId,
    firstPaymentAt: earlier(a.firstPaymentAt, b.firstPaymentAt),
  };
}
