/**
 * What a delivery costs on the disk before and after its ledger was compacted, with everything that belongs to it, and how
 * long compacting takes. The rows are written as a sending writes them: once each when claimed, started and settled.
 */
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { compactLedgers } from "@/lib/deliveries/compact";
import { listSendings } from "@/lib/deliveries/queries";
import { listMailedIssues } from "@/lib/deliveries/reader-history";
import { type BenchDatabase, freezeAudience, openBenchDatabase } from "./bench-database";

const HELP = `npm run bench -- compact [--readers 10000] [--issues 10]

  --readers   of each issue
`;
const AFTER_DAYS = 90;
const DAY_MS = 86_400_000;
const FREE = "You are a free subscriber of The Benchmark.";

export async function run(parameters: string[]): Promise<number> {
  const { values } = parseArgs({
    args: parameters,
    options: {
      readers: { type: "string", default: "10000" },
      issues: { type: "string", default: "10" },
      help: { type: "boolean", default: false },
    },
  });
  const [readers, issues] = [Number(values.readers), Number(values.issues)];
  if (values.help || ![readers, issues].every((each) => Number.isInteger(each) && each > 0)) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const database = await openBenchDatabase();
  try {
    return await measure(database, { readers, issues });
  } finally {
    await database.close();
  }
}

async function measure(
  database: BenchDatabase,
  { readers, issues }: { readers: number; issues: number },
): Promise<number> {
  const { db } = database;
  for (let number = 0; number < issues; number += 1) {
    await freezeAudience(database, { readers, bytes: 10_000 });
    await settleAll(database);
  }
  await db.$executeRawUnsafe(`VACUUM (ANALYZE) "Delivery"`);
  const rows = readers * issues;
  const told = JSON.stringify(await listSendings(db, { latest: issues }));
  const before = await sizeOf(database, "Delivery");
  const began = performance.now();
  const now = new Date(Date.now() + (AFTER_DAYS + 1) * DAY_MS);
  const done = await compactLedgers(db, { now, afterDays: AFTER_DAYS });
  const seconds = (performance.now() - began) / 1_000;
  await db.$executeRawUnsafe(`VACUUM (ANALYZE) "PastDelivery"`);
  const after = await sizeOf(database, "PastDelivery");
  const same = told === JSON.stringify(await listSendings(db, { latest: issues }));
  const asked = await historyMs(database);
  const each = (bytes: number) => `${Math.round(bytes / rows)} bytes`;
  process.stdout.write(
    `${rows.toLocaleString("en")} deliveries, ${issues} issues to ${readers.toLocaleString("en")} readers
  before     ${each(before.total)} a delivery (rows ${each(before.heap)}, indexes ${each(before.total - before.heap)})
  compacted  ${each(after.total)} a delivery (rows ${each(after.heap)}, indexes ${each(after.total - after.heap)}), ${(before.total / after.total || 0).toFixed(1)} times less
  took       ${seconds.toFixed(1)} s, ${Math.round(done.rows / seconds).toLocaleString("en")} a second
  totals     ${same ? "the same before and after" : "NOT THE SAME"}
  one reader’s issues are listed in ${asked.toFixed(1)} ms
`,
  );
  return same && done.rows === rows ? 0 : 1;
}

const AT_ONCE = 100;

/** Three of a hundred are refused; the rest is taken with the number that a mail server has for each. */
async function settleAll({ db }: BenchDatabase): Promise<void> {
  await db.statusLine.upsert({ where: { text: FREE }, create: { text: FREE }, update: {} });
  const open = await db.delivery.findMany({ where: { state: "QUEUED" }, select: { id: true } });
  for (let start = 0; start < open.length; start += AT_ONCE) {
    const ids = open.slice(start, start + AT_ONCE).map(({ id }) => id);
    await db.$executeRaw`UPDATE "Delivery" SET state = 'SENDING', attempt = 1,
      "claimedBy" = '01995f3e-1c2d-7abc-8def-0123456789ab', "leaseUntil" = now() WHERE id = ANY(${ids}::bigint[])`;
    await db.$executeRaw`UPDATE "Delivery" SET variant = 'TEASER', "messageHash" = hashtextextended("messageId", 0),
      "statusLineId" = (SELECT min(id) FROM "StatusLine") WHERE id = ANY(${ids}::bigint[])`;
    await db.$executeRaw`UPDATE "Delivery" SET "leaseUntil" = NULL, "nextAttemptAt" = now() AT TIME ZONE 'UTC',
      state = CASE WHEN id % 33 = 0 THEN 'FAILED' ELSE 'SENT' END::"DeliveryState",
      "smtpCode" = CASE WHEN id % 33 = 0 THEN 550 END, "enhancedCode" = CASE WHEN id % 33 = 0 THEN '5.1.1' END,
      reply = CASE WHEN id % 33 = 0 THEN '550 5.1.1 The email account that you tried to reach does not exist'
        ELSE '250 2.0.0 Ok: queued as ' || upper(left(md5(id::text), 11)) END,
      "sentAt" = CASE WHEN id % 33 <> 0 THEN now() AT TIME ZONE 'UTC' END WHERE id = ANY(${ids}::bigint[])`;
  }
}

async function sizeOf(
  { db }: BenchDatabase,
  table: "Delivery" | "PastDelivery",
): Promise<{ total: number; heap: number }> {
  const [size] = await db.$queryRawUnsafe<{ total: number; heap: number }[]>(
    `SELECT pg_total_relation_size('"${table}"')::float8 AS total, pg_relation_size('"${table}"')::float8 AS heap`,
  );
  if (!size) throw new Error("Postgres did not say how large the ledger is.");
  return size;
}

const ASKED = 50;

async function historyMs({ db }: BenchDatabase): Promise<number> {
  const people = await db.subscriber.findMany({ take: ASKED, select: { id: true } });
  const began = performance.now();
  for (const { id } of people) await listMailedIssues(db, id);
  return (performance.now() - began) / people.length;
}
