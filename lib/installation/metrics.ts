/** The vitals as Prometheus reads them: text format 0.0.4. Pure. */
import type { Vitals } from "./vitals";

type Metric = {
  name: string;
  help: string;
  values: readonly { labels?: Readonly<Record<string, string>>; value: number }[];
};

export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export function metricsText(vitals: Vitals): string {
  return metricsOf(vitals).map(writeMetric).join("");
}

function metricsOf(vitals: Vitals): Metric[] {
  const { notices, stripeEvents, workers, reconciliation } = vitals;
  const one = (name: string, help: string, value: number | null): Metric => ({
    name,
    help,
    values: value === null ? [] : [{ value }],
  });
  return [
    {
      name: "masthead_deliveries_open",
      help: "Deliveries that are not settled, by state.",
      values: Object.entries(vitals.deliveries).map(([state, value]) => ({ labels: { state }, value })),
    },
    one(
      "masthead_delivery_oldest_due_seconds",
      "How long the oldest delivery has been due.",
      vitals.oldestDueSeconds,
    ),
    one(
      "masthead_deliveries_sent_last_minute",
      "Taken by the mail server within a minute.",
      vitals.sentLastMinute,
    ),
    one(
      "masthead_deliveries_sent_last_hour",
      "Taken by the mail server within an hour.",
      vitals.sentLastHour,
    ),
    one("masthead_deliveries_failed_last_hour", "Refused for good within an hour.", vitals.refusedLastHour),
    one(
      "masthead_deliveries_unwritten_last_hour",
      "Could not be written within an hour.",
      vitals.unwrittenLastHour,
    ),
    one("masthead_issues_paused", "Issues whose sending is paused.", vitals.pausedIssues),
    one("masthead_notices_waiting", "Notices that wait to be sent.", notices.waiting),
    one("masthead_notice_oldest_seconds", "How long the oldest of them has waited.", notices.oldestSeconds),
    one("masthead_notices_failed_last_hour", "Notices given up within an hour.", notices.failedLastHour),
    one(
      "masthead_stripe_events_waiting",
      "Webhooks that were stored and not followed yet.",
      stripeEvents.waiting,
    ),
    one(
      "masthead_stripe_event_oldest_seconds",
      "How long the oldest of them has waited.",
      stripeEvents.oldestSeconds,
    ),
    one("masthead_workers", "Workers that gave a sign of life within a minute.", workers.count),
    one(
      "masthead_worker_last_seen_seconds",
      "Since the last sign of life of any worker.",
      workers.youngestSeconds,
    ),
    one(
      "masthead_reconciliation_age_seconds",
      "Since memberships were last compared with Stripe.",
      reconciliation?.secondsAgo ?? null,
    ),
    one(
      "masthead_reconciliation_ok",
      "1 where the last comparing went through.",
      reconciliation ? Number(reconciliation.ok) : null,
    ),
  ];
}

function writeMetric({ name, help, values }: Metric): string {
  if (values.length === 0) return "";
  const lines = values.map(({ labels, value }) => `${name}${writeLabels(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`;
}

function writeLabels(labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${value.replace(/[\\"\n]/g, (sign) => (sign === "\n" ? "\\n" : `\\${sign}`))}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
