import { expect, test } from "vitest";
import type { Vitals } from "../vitals";
import { bytesInWords, secondsInWords } from "./amounts";
import type { HealthFacts } from "./facts";
import { judgeHealth, workerState } from "./judge";

const WELL: Vitals = {
  deliveries: { queued: 0, sending: 0, deferred: 0, uncertain: 0 },
  held: { queued: 0, deferred: 0 },
  oldestDueSeconds: 0,
  sentLastMinute: 0,
  sentLastHour: 0,
  refusedLastHour: 0,
  unwrittenLastHour: 0,
  pausedIssues: 0,
  notices: { waiting: 0, oldestSeconds: 0, failedLastHour: 0 },
  stripeEvents: { waiting: 0, oldestSeconds: 0 },
  workers: { count: 1, youngestSeconds: 3 },
  reconciliation: { secondsAgo: 600, ok: true },
};
const FACTS: HealthFacts = {
  openIssues: [],
  failedJobs: [],
  lastTaken: { secondsAgo: 12, reply: "250 ok" },
  refusesNow: null,
  triedNotices: { count: 0, reply: null },
  clockAheadMs: 5,
  postgres: "18.1",
  databaseBytes: 30 * 2 ** 20,
  ledger: { bytes: 2 ** 20, rows: 1_000 },
  pastLedger: { bytes: 0, rows: 0 },
  freeBytes: 50 * 2 ** 30,
};

function judged(vitals: Partial<Vitals> = {}, facts: Partial<HealthFacts> = {}) {
  const sections = judgeHealth(
    { ...WELL, ...vitals },
    { ...FACTS, ...facts },
    { masthead: "1.2.3", node: "24" },
  );
  return new Map(sections.flatMap(({ findings }) => findings.map((finding) => [finding.name, finding])));
}

test("an installation that does well has nothing to look at, and says its version", () => {
  const lines = judged();
  expect([...lines.values()].filter(({ level }) => level !== "ok")).toEqual([]);
  expect(lines.get("Version")?.says).toContain("1.2.3");
  expect(lines.get("Mail server")?.says).toBe("It took the last mail 12 s ago, saying “250 ok”.");
});

const open = (some: Partial<Vitals["deliveries"]>) => ({ deliveries: { ...WELL.deliveries, ...some } });

test.each<[string, string, "ok" | "warn" | "fail", Partial<Vitals>, Partial<HealthFacts>]>([
  ["no worker ever", "Worker", "fail", { workers: { count: 0, youngestSeconds: null } }, {}],
  ["a worker silent for minutes", "Worker", "fail", { workers: { count: 0, youngestSeconds: 400 } }, {}],
  [
    "a job that failed",
    "Jobs",
    "warn",
    {},
    { failedJobs: [{ name: "publish", count: 2, secondsAgo: 9, error: "no" }] },
  ],
  ["no queue of jobs", "Jobs", "warn", {}, { failedJobs: null }],
  [
    "a long queue that moves",
    "Queue",
    "ok",
    { ...open({ queued: 9 }), oldestDueSeconds: 5_000, sentLastMinute: 1 },
    {},
  ],
  ["a queue that just began", "Queue", "ok", { ...open({ queued: 9 }), oldestDueSeconds: 30 }, {}],
  ["a queue that stands", "Queue", "fail", { ...open({ queued: 9 }), oldestDueSeconds: 5_000 }, {}],
  ["a few refusals", "Failed", "ok", { refusedLastHour: 9, sentLastHour: 10 }, {}],
  ["many of many", "Failed", "ok", { refusedLastHour: 20, sentLastHour: 10_000 }, {}],
  ["a large share of refusals", "Failed", "warn", { refusedLastHour: 20, sentLastHour: 100 }, {}],
  ["a mail that could not be written", "Failed", "warn", { unwrittenLastHour: 1, sentLastHour: 10_000 }, {}],
  [
    "a paused queue",
    "Queue",
    "ok",
    { ...open({ queued: 9 }), held: { queued: 9, deferred: 0 }, pausedIssues: 1 },
    {},
  ],
  ["greylisting", "Deferred", "ok", open({ deferred: 40 }), {}],
  ["an uncertain mail", "Uncertain", "warn", open({ uncertain: 1 }), {}],
  ["a paused issue", "Paused", "warn", { pausedIssues: 1 }, {}],
  ["a server that takes nothing", "Mail server", "fail", {}, { refusesNow: "535 no", lastTaken: null }],
  [
    "a code that waits for minutes",
    "Notices",
    "fail",
    { notices: { waiting: 1, oldestSeconds: 900, failedLastHour: 0 } },
    {},
  ],
  [
    "a notice that was answered for itself",
    "Notices",
    "warn",
    { notices: { waiting: 1, oldestSeconds: 900, failedLastHour: 0 } },
    { triedNotices: { count: 1, reply: "550 5.7.1 no" } },
  ],
  [
    "one of two that was answered for itself",
    "Notices",
    "fail",
    { notices: { waiting: 2, oldestSeconds: 900, failedLastHour: 0 } },
    { triedNotices: { count: 1, reply: "550 5.7.1 no" } },
  ],
  [
    "a notice given up",
    "Notices",
    "warn",
    { notices: { waiting: 0, oldestSeconds: 0, failedLastHour: 1 } },
    {},
  ],
  ["a webhook that waits", "Webhooks", "warn", { stripeEvents: { waiting: 1, oldestSeconds: 900 } }, {}],
  ["a comparing that failed", "Compared", "warn", { reconciliation: { secondsAgo: 5, ok: false } }, {}],
  ["a comparing of yesterday", "Compared", "warn", { reconciliation: { secondsAgo: 90_000, ok: true } }, {}],
  ["a clock that is off", "Clock", "fail", {}, { clockAheadMs: -60_000 }],
  ["a full disk", "Disk", "fail", {}, { freeBytes: 1_000 }],
])("%s: %s is %s", (_name, line, level, vitals, facts) => {
  const finding = judged(vitals, facts).get(line);
  expect(finding?.level).toBe(level);
  expect(Boolean(finding?.advice)).toBe(level !== "ok");
});

test("what is said of issues on their way names those it is said of", () => {
  const issue = { paused: false, waiting: false, deferred: false, uncertain: false };
  const lines = judged(
    {},
    {
      openIssues: [
        { ...issue, id: "1", title: "On its way", waiting: true, deferred: true },
        { ...issue, id: "2", title: "Paused", waiting: true, paused: true },
        { ...issue, id: "3", title: "In doubt", uncertain: true },
      ],
    },
  );
  const named = ["Queue", "Deferred", "Paused", "Uncertain", "Rate"].map((line) =>
    lines.get(line)?.issues?.map(({ title }) => title),
  );
  expect(named).toEqual([["On its way"], ["On its way"], ["Paused"], ["In doubt"], undefined]);
});

const NOTICES = { waiting: 1, oldestSeconds: 20, failedLastHour: 0 };

test.each<[string, string, Partial<Vitals>, Partial<HealthFacts>]>([
  ["Queue", "1 mail waits; it has been due for 5 s.", { ...open({ queued: 1 }), oldestDueSeconds: 5 }, {}],
  [
    "Queue",
    "3 mails wait; the oldest has been due for 5 s.",
    { ...open({ queued: 2, sending: 1 }), oldestDueSeconds: 5 },
    {},
  ],
  [
    "Queue",
    "1,792 mails wait because sending is paused.",
    { ...open({ queued: 1_792 }), held: { queued: 1_792, deferred: 0 } },
    {},
  ],
  [
    "Queue",
    "1 mail waits because sending is paused.",
    { ...open({ queued: 1 }), held: { queued: 1, deferred: 0 } },
    {},
  ],
  [
    "Queue",
    "2 mails wait; the oldest has been due for 5 s. 1 more waits because sending is paused.",
    { ...open({ queued: 3 }), held: { queued: 1, deferred: 0 }, oldestDueSeconds: 5 },
    {},
  ],
  [
    "Failed",
    "2 refused for good within the last hour. 1 mail could not be written.",
    { refusedLastHour: 2, unwrittenLastHour: 1 },
    {},
  ],
  ["Deferred", "Nobody’s mail server asked to wait.", {}, {}],
  [
    "Deferred",
    "1 mail was asked to wait: it is tried again by itself for up to 72 hours. The issue’s page says when.",
    open({ deferred: 1 }),
    {},
  ],
  [
    "Deferred",
    "16 mails were asked to wait: they are tried again by themselves for up to 72 hours. The issue’s page says when.",
    open({ deferred: 16 }),
    {},
  ],
  [
    "Deferred",
    "16 mails were asked to wait: they are tried again by themselves for up to 72 hours, but 4 only once sending goes on. The issue’s page says when.",
    { ...open({ deferred: 16 }), held: { queued: 0, deferred: 4 } },
    {},
  ],
  [
    "Deferred",
    "1 mail was asked to wait, and is held because sending is paused.",
    { ...open({ deferred: 1 }), held: { queued: 0, deferred: 1 } },
    {},
  ],
  ["Uncertain", "Of 1 mail nobody can know whether the mail server took it.", open({ uncertain: 1 }), {}],
  ["Uncertain", "Of 3 mails nobody can know whether the mail server took them.", open({ uncertain: 3 }), {}],
  ["Notices", "1 waits, for 20 s.", { notices: NOTICES }, {}],
  ["Notices", "3 wait, the oldest for 20 s.", { notices: { ...NOTICES, waiting: 3 } }, {}],
  [
    "Notices",
    "1 waits, for 20 s. It was answered “550 5.7.1 no”.",
    { notices: NOTICES },
    { triedNotices: { count: 1, reply: "550 5.7.1 no" } },
  ],
  [
    "Notices",
    "1 waits, for 20 s.",
    { notices: NOTICES },
    { triedNotices: { count: 1, reply: "535 no" }, refusesNow: "535 no" },
  ],
  ["Ledger", "No rows, 40 kB.", {}, { ledger: { bytes: 40_000, rows: 0 } }],
  ["Ledger", "About 1 row, 40 kB.", {}, { ledger: { bytes: 40_000, rows: 1 } }],
  ["Ledger", "About 1.0 MB.", {}, { ledger: { bytes: 2 ** 20, rows: null } }],
])("%s says “%s”", (line, says, vitals, facts) => {
  expect(judged(vitals, facts).get(line)?.says).toBe(says);
});

test.each<[string, string, Partial<Vitals>, Partial<HealthFacts>]>([
  ["Mail server", "what waits goes out by itself then.", {}, { refusesNow: "535 no" }],
  [
    "Mail server",
    "what waits goes out by itself then, but a paused issue only after “Go on sending” on its page.",
    { pausedIssues: 1 },
    { refusesNow: "550 5.7.1 no" },
  ],
  ["Paused", "Its page says why, and lets it go on; it does not by itself.", { pausedIssues: 1 }, {}],
  ["Paused", "Their pages say why, and let them go on; they do not by themselves.", { pausedIssues: 2 }, {}],
  ["Uncertain", "mail it again, and it may arrive twice, or leave it.", open({ uncertain: 1 }), {}],
  ["Uncertain", "mail them again, and they may arrive twice, or leave them.", open({ uncertain: 3 }), {}],
])("%s advises “…%s”", (line, advice, vitals, facts) => {
  expect(judged(vitals, facts).get(line)?.advice?.endsWith(advice)).toBe(true);
});

test("compacted ledgers are weighed beside the others once there are any", () => {
  expect(judged().get("Ledger")?.says).toBe("About 1,000 rows, 1.0 MB.");
  const pastLedger = { bytes: 2 ** 21, rows: 12_000 };
  expect(judged({}, { pastLedger }).get("Ledger")?.says).toBe(
    "About 1,000 rows, 1.0 MB; of old issues, compacted, 12,000 rows, 2.0 MB.",
  );
});

test("a disk that cannot be asked is not spoken of", () => {
  expect(judged({}, { freeBytes: null }).has("Disk")).toBe(false);
});

test.each([
  [
    { count: 1, youngestSeconds: 3.4 },
    { state: "running", silentForSeconds: 3 },
  ],
  [
    { count: 0, youngestSeconds: 61 },
    { state: "silent", silentForSeconds: 61 },
  ],
  [
    { count: 0, youngestSeconds: null },
    { state: "never-seen", silentForSeconds: null },
  ],
])("for a load balancer %j is %j", (workers, state) => {
  expect(workerState({ ...WELL, workers })).toEqual(state);
});

test.each([
  [0.4, "0 s"],
  [119, "119 s"],
  [120, "2 min"],
  [7_300, "2 h"],
  [200_000, "2 days"],
])("%d seconds are %s", (seconds, words) => {
  expect(secondsInWords(seconds)).toBe(words);
});

test.each([
  [10, "1 kB"],
  [5 * 2 ** 20, "5.0 MB"],
  [3 * 2 ** 30, "3.0 GB"],
])("%d bytes are %s", (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});
