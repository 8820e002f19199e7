import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import type { Document } from "@/lib/issues/document/schema";
import { createIssue } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { exportLedger, LEDGER_COLUMNS } from "./export-ledger";
import type { LedgerFilter } from "./queries";
import { NOW, PUBLISHED, prepareIssue } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });

async function read(filter: LedgerFilter): Promise<Record<string, string>[]> {
  let text = "";
  for await (const chunk of exportLedger(database.db, filter)) text += chunk;
  return parse(text, { columns: true });
}

test("each reader is one line, with what became of the mail; other issues are not in it", async () => {
  const { db } = database;
  const { issue, readers } = await prepareIssue(db, { readers: 2 });
  const rows = await db.delivery.findMany({ orderBy: { id: "asc" } });
  await db.delivery.update({
    where: { id: rows[0]?.id ?? 0n },
    data: { state: "SENT", variant: "WHOLE", attempt: 1, reply: "250 queued", sentAt: NOW },
  });
  await db.delivery.update({
    where: { id: rows[1]?.id ?? 0n },
    data: { state: "FAILED", variant: "TEASER", attempt: 2, smtpCode: 550, reply: "550 5.1.1 nobody, here" },
  });
  const other = await createIssue(db, PUBLISHED);
  await db.delivery.create({
    data: { issueId: other.id, subscriberId: readers[0]?.id ?? "", messageId: "<other@masthead.test>" },
  });
  const emailOf = (id: string | null | undefined) => readers.find((reader) => reader.id === id)?.email;
  expect(await read({ issueId: issue.id })).toEqual([
    {
      email: emailOf(rows[0]?.subscriberId),
      state: "sent",
      variant: "whole",
      tries: "1",
      code: "",
      last_answer: "250 queued",
      sent_at: NOW.toISOString(),
    },
    {
      email: emailOf(rows[1]?.subscriberId),
      state: "failed",
      variant: "teaser",
      tries: "2",
      code: "550",
      last_answer: "550 5.1.1 nobody, here",
      sent_at: "",
    },
  ]);
});

test("of an issue that is open to all, everybody has the whole", async () => {
  const { db } = database;
  const body: Document = {
    type: "doc",
    content: [{ type: "paragraph", content: [{ type: "text", text: "All of it." }] }],
  };
  const { issue } = await prepareIssue(db, { readers: 1, issue: { body } });
  await db.delivery.updateMany({ data: { state: "SENT", variant: "TEASER", sentAt: NOW } });
  expect((await read({ issueId: issue.id }))[0]?.variant).toBe("whole");
});

test("an answer that a spreadsheet would run is written as text", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 1 });
  await db.delivery.updateMany({ data: { state: "FAILED", reply: '=HYPERLINK("http://bad.example")' } });
  expect((await read({ issueId: issue.id }))[0]?.last_answer).toBe(`'=HYPERLINK("http://bad.example")`);
});

test("the search and the state of the page hold for the file, and an erased reader has no address", async () => {
  const { db } = database;
  const { issue, readers } = await prepareIssue(db, { readers: 3 });
  const [one, two, erased] = readers as [(typeof readers)[0], (typeof readers)[0], (typeof readers)[0]];
  await db.delivery.updateMany({ where: { subscriberId: two.id }, data: { state: "SENT" } });
  await db.subscriber.delete({ where: { id: erased.id } });
  const emails = async (filter: Omit<LedgerFilter, "issueId">) =>
    (await read({ issueId: issue.id, ...filter })).map((row) => row.email);
  expect(await emails({ state: "SENT" })).toEqual([two.email]);
  expect(await emails({ search: one.email.toUpperCase() })).toEqual([one.email]);
  expect((await emails({})).sort()).toEqual(["", one.email, two.email].sort());
});

test.each([
  ["550 5.1.1", ["550 5.1.1 Nobody, 100% sure"]],
  ["NOBODY", ["550 5.1.1 Nobody, 100% sure"]],
  ["100%", ["550 5.1.1 Nobody, 100% sure"]],
  ["5_0", []],
  ["'; DROP TABLE", []],
  ["example.com", ["452 4.2.2 Full of 1000 mails", "550 5.1.1 Nobody, 100% sure"]],
])("the search %j finds addresses and answers as they are written", async (search, found) => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 2 });
  const [one, two] = await db.delivery.findMany({ orderBy: { id: "asc" } });
  await db.delivery.update({
    where: { id: one?.id ?? 0n },
    data: { state: "FAILED", reply: "550 5.1.1 Nobody, 100% sure" },
  });
  await db.delivery.update({
    where: { id: two?.id ?? 0n },
    data: { state: "DEFERRED", reply: "452 4.2.2 Full of 1000 mails" },
  });
  const rows = await read({ issueId: issue.id, search });
  expect(rows.map((row) => row.last_answer).sort()).toEqual(found);
});

test("a ledger of several pages is written whole, and one without rows has its headings", async () => {
  const { db } = database;
  const { issue } = await prepareIssue(db, { readers: 0 });
  let text = "";
  for await (const chunk of exportLedger(db, { issueId: issue.id })) text += chunk;
  expect(text).toBe(`${LEDGER_COLUMNS.map((name) => `"${name}"`).join(",")}\r\n`);
  await db.delivery.createMany({
    data: Array.from({ length: 4_100 }, (_, index) => ({
      issueId: issue.id,
      messageId: `<${index}@masthead.test>`,
      reply: String(index),
    })),
  });
  const rows = await read({ issueId: issue.id });
  expect(new Set(rows.map((row) => row.last_answer)).size).toBe(4_100);
  expect(rows).toHaveLength(4_100);
});
