import pg from "pg";
import { afterEach, expect, test, vi } from "vitest";
import { suppress } from "@/lib/subscribers/suppress";
import { unsubscribe } from "@/lib/subscribers/unsubscribe";
import { createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { hearNews, type OwnNews } from "./news";
import { pauseSending } from "./pause";
import { isFresh } from "./second-look";
import { NOW, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });
let news: OwnNews;
afterEach(() => news.close());

async function listening(): Promise<number> {
  news = hearNews(database.url);
  return vi.waitUntil(() => news.lastAtMs());
}

test.each([
  [
    "an issue was paused",
    (issueId: string) => pauseSending(database.db, issueId, { reason: "Ours.", now: NOW }),
  ],
  ["a reader left", (_: string, id: string) => unsubscribe(database.db, id, { now: NOW })],
  [
    "a reader has another address",
    (_: string, id: string) =>
      database.db.subscriber.update({ where: { id }, data: { email: "other@example.test" } }),
  ],
  ["a reader was erased", (_: string, id: string) => database.db.subscriber.delete({ where: { id } })],
  [
    "an address was closed whose reader nobody knows",
    () => suppress(database.db, { email: "nobody@example.test", reason: "complained" }, { now: NOW }),
  ],
])("hears at once that %s", async (_what, change) => {
  const { issue, readers } = await prepareIssue(database.db, { readers: 1 });
  const before = await listening();
  const claim = { lookedAtMs: performance.now() };
  expect(isFresh(claim, news)).toBe(true);
  await change(issue.id, readers[0]?.id ?? "");
  await vi.waitUntil(() => (news.lastAtMs() ?? 0) > before);
  expect(isFresh(claim, news)).toBe(false);
});

test("nothing that the change of somebody else's row would make fresh or old", async () => {
  const before = await listening();
  const { id } = await createSubscriber(database.db, { status: "PENDING" });
  await database.db.subscriber.update({ where: { id }, data: { status: "CONFIRMED", name: "Reader" } });
  await database.db.$executeRaw`SELECT pg_notify('masthead_others', '')`;
  expect(news.lastAtMs()).toBe(before);
});

test("what was seen some time ago is not fresh, and nothing is while nobody hears; it is heard again by itself", async () => {
  await listening();
  expect(isFresh({ lookedAtMs: performance.now() - 1_000 }, news)).toBe(false);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query = 'LISTEN masthead_senders'`);
  await client.end();
  await vi.waitUntil(() => news.lastAtMs() === null);
  expect(isFresh({ lookedAtMs: performance.now() }, news)).toBe(false);
  await vi.waitUntil(() => news.lastAtMs() !== null, { timeout: 10_000 });
});
