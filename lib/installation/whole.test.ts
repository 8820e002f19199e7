import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compactLedgers } from "@/lib/deliveries/compact";
import { createMailedIssue } from "@/lib/deliveries/compact.fixture";
import { getSendingProgress, listReasons } from "@/lib/deliveries/queries";
import { listMailedIssues } from "@/lib/deliveries/reader-history";
import { getReceivedMail } from "@/lib/deliveries/received-mail";
import { countMissed } from "@/lib/deliveries/send-to-missed";
import { createDiskStorage, type ImageStorage } from "@/lib/issues/images/storage";
import { endComp, grantComp } from "@/lib/memberships/comp";
import { keyedHash } from "@/lib/tokens";
import { createIssue, createSubscriber } from "@/prisma/factories";
import { seedSample } from "@/prisma/seed";
import { useTestDatabase } from "@/prisma/test-database";
import { exportInstallation } from "./export";
import { importInstallation } from "./import";

const from = useTestDatabase();
const to = useTestDatabase({ emptyEachTime: true });
const NOW = new Date("2026-11-20T09:00:00.000Z");

let folder: string;
let old: ImageStorage;
let fresh: ImageStorage;
let archive: Buffer;

async function archiveOf(database: typeof from, storage: ImageStorage) {
  const chunks: Uint8Array[] = [];
  const report = await exportInstallation(database.db, { storage, now: NOW }, async (chunk) => {
    chunks.push(chunk);
  });
  return { report, bytes: Buffer.concat(chunks) };
}

const everything = async ({ db }: typeof from) => ({
  publication: await db.publication.findMany(),
  snippets: await db.snippet.findMany({ orderBy: { name: "asc" } }),
  authors: await db.author.findMany(),
  suppressions: await db.suppression.findMany(),
  usedTrials: await db.usedTrial.findMany(),
  images: await db.image.findMany({ orderBy: { name: "asc" } }),
  subscribers: await db.subscriber.findMany({ omit: { feedToken: true }, orderBy: { id: "asc" } }),
  memberships: await db.membership.findMany(),
  gifts: await db.gift.findMany({ orderBy: { id: "asc" } }),
  membershipChanges: await db.membershipChange.findMany({ orderBy: { id: "asc" } }),
  payments: await db.payment.findMany({ orderBy: { id: "asc" } }),
  moveIns: await db.moveIn.findMany(),
  keptPrices: await db.keptPrice.findMany(),
  statusLines: await db.statusLine.findMany({ orderBy: { id: "asc" } }),
  frozenMails: await db.frozenMail.findMany({ orderBy: [{ issueId: "asc" }, { variant: "asc" }] }),
  bounces: await db.bounce.findMany({ orderBy: { id: "asc" } }),
  issues: await db.issue.findMany({ where: { state: { not: "SCHEDULED" } }, orderBy: { id: "asc" } }),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "masthead-archive-"));
  old = createDiskStorage(join(folder, "old"));
  fresh = createDiskStorage(join(folder, "new"));
  await seedSample(from.db, { mediaFolder: join(folder, "old"), now: NOW });
  await from.db.author.create({ data: { email: "author@example.com" } });
  await from.db.suppression.create({
    data: { emailHash: keyedHash("address", "gone@example.com"), reason: "erased" },
  });
  await from.db.usedTrial.create({
    data: { emailHash: keyedHash("trial", "gone@example.com"), usedAt: NOW },
  });
  const { id } = await createSubscriber(from.db, { feedToken: "feed-secret-value" });
  await addMoney(id);
  await addSendings();
  const draft = await from.db.issue.findFirstOrThrow({ where: { state: "DRAFT" } });
  await from.db.issue.update({ where: { id: draft.id }, data: { title: "Still a draft" } });
  const { bytes } = await archiveOf(from, old);
  archive = bytes;
});
afterAll(() => rm(folder, { recursive: true }));

/** One row of each kind that tells of money. */
async function addMoney(subscriberId: string): Promise<void> {
  const { db } = from;
  await grantComp(db, { subscriberId, endsAt: null, reason: "a friend" }, { now: NOW });
  await endComp(db, subscriberId, { now: NOW });
  const sold = { amountCents: 900, currency: "usd" };
  const gift = await db.gift.create({
    data: { ...sold, months: 3, mailsReceiver: false, buyerId: subscriberId, paidAt: NOW },
  });
  const paid = { ...sold, kind: "CHARGE" as const, status: "succeeded", at: NOW };
  await db.payment.createMany({
    data: [
      { ...paid, id: "ch_own", subscriberId },
      { ...paid, id: "ch_gift", giftId: gift.id },
    ],
  });
  const candidates = [{ customerId: "cus_one", subscriptions: [] }];
  await db.moveIn.create({
    data: { subscriberId, kind: "PAID", plan: "yearly", state: "UNDECIDED", candidates, told: ["one"] },
  });
  await db.keptPrice.create({ data: { id: "price_old", keptAt: NOW } });
}

/** The sample's own sendings, and one whose ledger was compacted, with a report about a mail of it. */
async function addSendings(): Promise<void> {
  const { db } = from;
  const past = await createMailedIssue(db, new Date("2026-02-20T09:00:00Z"));
  await db.delivery.deleteMany({ where: { state: "QUEUED" } });
  await compactLedgers(db, { now: NOW, afterDays: 90 });
  const lately = await createMailedIssue(db, new Date("2026-11-18T09:00:00Z"));
  const { id: deliveryId } = await db.pastDelivery.findFirstOrThrow({
    where: { subscriberId: past.readers[0]?.id ?? "" },
  });
  await db.bounce.create({
    data: {
      subscriberId: past.readers[0]?.id ?? "",
      deliveryId,
      kind: "SOFT",
      source: "dsn",
      reportKey: "one",
      at: NOW,
    },
  });
  await db.delivery.updateMany({
    where: { issueId: lately.issue.id, subscriberId: past.readers[1]?.id ?? "" },
    data: { state: "UNCERTAIN", attempt: 1 },
  });
  await db.delivery.deleteMany({ where: { state: "QUEUED" } });
  mailed = { past: past.issue.id, lately: lately.issue.id, deliveryId, reader: past.readers[0]?.id ?? "" };
}
let mailed: { past: string; lately: string; deliveryId: bigint; reader: string };

test("what was mailed comes along: who got which issue, why others did not, each copy, and what came back", async () => {
  await importInstallation(to.db, archive, { storage: fresh });
  const told = async ({ db }: typeof from, issueId: string) => ({
    progress: await getSendingProgress(db, issueId, { now: NOW }),
    reasons: await listReasons(db, issueId),
  });
  expect(await told(to, mailed.past)).toEqual(await told(from, mailed.past));
  const { progress } = await told(to, mailed.lately);
  expect(progress).toMatchObject({
    stage: "finished",
    counts: { SENT: 3, FAILED: 3, SKIPPED: 1, UNCERTAIN: 0, QUEUED: 0 },
  });
  expect((await listMailedIssues(to.db, mailed.reader)).issues).toMatchObject([
    { issue: { id: mailed.past }, state: "SENT", cameBack: { kind: "SOFT" } },
  ]);
  expect(await getReceivedMail(to.db, mailed.deliveryId)).toMatchObject({ proof: "exact" });
  expect(await countMissed(to.db, mailed.lately, { now: NOW })).toBeNull();
});

test("a delivery that is written down after the move has a number of its own", async () => {
  await importInstallation(to.db, archive, { storage: fresh });
  const highest = (await to.db.pastDelivery.findFirstOrThrow({ orderBy: { id: "desc" } })).id;
  const issue = await createIssue(to.db);
  const next = await to.db.delivery.create({ data: { issueId: issue.id, messageId: "<new@masthead.test>" } });
  expect(next.id > highest).toBe(true);
  const line = await to.db.statusLine.create({ data: { text: "new" } });
  expect(line.id).toBeGreaterThan(1);
});

test("a whole installation comes out of its archive as it went in, pictures included", async () => {
  const imported = await importInstallation(to.db, archive, { storage: fresh });
  const before = await everything(from);
  expect(await everything(to)).toEqual(before);
  expect(imported).toMatchObject({ subscribers: before.subscribers.length, notes: [] });
  expect(before.images.length).toBeGreaterThan(0);
  expect(before).toMatchObject({ gifts: [{}], payments: [{}, {}], moveIns: [{}], keptPrices: [{}] });
  expect(before.membershipChanges.map(({ before: was }) => was === null)).toEqual([true, false]);
  for (const { name } of before.images) expect(await fresh.read(name)).toEqual(await old.read(name));
});

test("an archive holds each issue as JSON and Markdown, and no sessions or secrets", async () => {
  const entries = unzipSync(archive);
  const slugs = (await from.db.issue.findMany({ select: { slug: true } })).map(({ slug }) => slug);
  for (const slug of slugs) {
    expect(Object.keys(entries)).toContain(`issues/${slug}.json`);
    expect(Buffer.from(entries[`issues/${slug}.md`] ?? []).toString()).toContain(`slug: ${slug}`);
  }
  const text = Buffer.concat(Object.values(entries)).toString("latin1");
  for (const secret of ["feed-secret-value", process.env.AUTH_SECRET ?? "", "sk_test_unit", "whsec_unit"])
    expect(text).not.toContain(secret);
});

test("a scheduled issue comes as a draft, and nothing that came is mailed by itself", async () => {
  const draft = await from.db.issue.findFirstOrThrow({ where: { state: "DRAFT" } });
  await from.db.issue.update({ where: { id: draft.id }, data: { state: "SCHEDULED", scheduledFor: NOW } });
  const { bytes } = await archiveOf(from, old);
  await from.db.issue.update({ where: { id: draft.id }, data: { state: "DRAFT", scheduledFor: null } });
  const { notes } = await importInstallation(to.db, bytes, { storage: fresh });
  expect(notes).toEqual([expect.stringContaining("came as a draft")]);
  const wouldBeMailed = { OR: [{ state: "SCHEDULED" as const }, { scheduledFor: { not: null } }] };
  expect(await to.db.issue.count({ where: wouldBeMailed })).toBe(0);
});

test("an installation that has anybody in it refuses an archive and stays as it is", async () => {
  await createSubscriber(to.db, { email: "here@example.com" });
  await expect(importInstallation(to.db, archive, { storage: fresh })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  expect(await to.db.subscriber.count()).toBe(1);
  expect(await to.db.issue.count()).toBe(0);
});

const broken = (change: (entries: Record<string, Uint8Array>) => void) => {
  const entries = unzipSync(archive);
  change(entries);
  return zipSync(entries, { level: 0 });
};
const text = (value: string) => new TextEncoder().encode(value);

test.each([
  ["is no ZIP", () => text("hello")],
  ["is cut short", () => archive.subarray(0, archive.length / 2)],
  ["has no manifest", () => broken((entries) => delete entries["masthead.json"])],
  ["has a list that is no JSON", () => broken((entries) => (entries["subscribers.jsonl"] = text("{")))],
  [
    "has a ledger of another shape",
    () => broken((entries) => (entries["mailed.jsonl"] = text('{"id":"x"}\n'))),
  ],
  [
    "has a report of another shape",
    () => broken((entries) => (entries["bounces.jsonl"] = text('{"deliveryId":"x"}\n'))),
  ],
  ["has rows of another shape", () => broken((entries) => (entries["authors.jsonl"] = text('{"x":1}\n')))],
  [
    "has a damaged picture",
    () =>
      broken((entries) => {
        const name = Object.keys(entries).find((entry) => entry.startsWith("pictures/")) ?? "";
        entries[name] = text("not it");
      }),
  ],
  [
    "comes from a newer version",
    () =>
      broken((entries) => {
        entries["masthead.json"] = text(
          JSON.stringify({ format: 99, madeAt: NOW.toISOString(), secretMark: "x" }),
        );
      }),
  ],
])("an archive that %s is refused, and nothing is written", async (_, bytes) => {
  await expect(importInstallation(to.db, bytes(), { storage: fresh })).rejects.toMatchObject({
    code: "INVALID",
  });
  expect(await to.db.publication.count()).toBe(0);
  expect(await to.db.subscriber.count()).toBe(0);
});

test("an archive from before used trials and money's history were kept comes in all the same", async () => {
  const later = [
    "used-trials",
    "gifts",
    "membership-changes",
    "payments",
    "move-ins",
    "kept-prices",
    "mailed",
    "bounces",
    "frozen-mails",
    "status-lines",
  ];
  const bytes = broken((entries) => {
    for (const name of later) delete entries[`${name}.jsonl`];
  });
  expect((await importInstallation(to.db, bytes, { storage: fresh })).usedTrials).toBe(0);
  expect(await to.db.payment.count()).toBe(0);
});

test("suppressions and used trials known under another AUTH_SECRET alone are named", async () => {
  const bytes = broken((entries) => {
    entries["masthead.json"] = text(
      JSON.stringify({ format: 1, madeAt: NOW.toISOString(), secretMark: "another" }),
    );
  });
  const { notes } = await importInstallation(to.db, bytes, { storage: fresh });
  expect(notes).toEqual([
    expect.stringMatching(/suppressed.*AUTH_SECRET/),
    expect.stringMatching(/trials.*AUTH_SECRET/),
  ]);
});
