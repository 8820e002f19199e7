import { simpleParser } from "mailparser";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Database } from "@/lib/db";
import { createMailer, type Mailer } from "@/lib/mail/mailer";
import type { NoticeContent } from "@/lib/mail/notice-kinds";
import { enqueueNotice } from "@/lib/mail/notices";
import { startTestServer, type TestServer } from "@/lib/mail/smtp.fixture";
import { oneClickUrl } from "@/lib/subscribers/unsubscribe";
import { createPublication, createPublishedIssue, createSubscriber } from "@/prisma/factories";
import type { Prisma } from "@/prisma/generated/client";
import { useTestDatabase } from "@/prisma/test-database";
import { sendDueNotices } from "./send-notices";
import { memoryImages, NOW } from "./sending.fixture";

const database = useTestDatabase({ emptyEachTime: true });
const URL = "http://127.0.0.1:3000";
const AT = "2026-11-27T09:00:00.000Z";
type ServerOptions = Parameters<typeof startTestServer>[0];
let server: TestServer;
let mailer: Mailer;

async function start(options: ServerOptions = {}) {
  server = await startTestServer(options);
  mailer = createMailer(server.url, { connections: 2 });
  await createPublication(database.db);
}
afterEach(async () => {
  await mailer.close();
  await server.close();
});
const sendDue = (db = database.db) => sendDueNotices(db, { mailer, images: memoryImages(), now: NOW });

/** The database is away for the first `times` of looking for an issue, or of writing what became of a notice. */
function failing(what: "findFirst" | "settle", times: number): Database {
  let left = times;
  const fail = (concerns: boolean) => {
    if (!concerns || left === 0) return;
    left -= 1;
    throw new Error("Server has closed the connection.");
  };
  return database.db.$extends({
    query: {
      issue: {
        findFirst({ args, query }) {
          fail(what === "findFirst");
          return query(args);
        },
      },
      $executeRaw({ args, query }) {
        fail(what === "settle" && args.sql.includes("sentAt"));
        return query(args);
      },
    },
  }) as unknown as Database;
}

async function enqueue(content: NoticeContent, more: { dedupeKey?: string; expiresInSeconds?: number } = {}) {
  const subscriber = await createSubscriber(database.db);
  const notice = { ...content, to: { subscriberId: subscriber.id, email: subscriber.email } };
  await enqueueNotice(database.db, { dedupeKey: `${content.kind}:${subscriber.id}`, ...notice, ...more });
  return subscriber;
}
const confirm: NoticeContent = { kind: "confirm", data: { confirmUrl: `${URL}/confirm?token=abc` } };

const trial = { firstChargeAt: AT, priceLabel: "$3/mo", cancelUrl: `${URL}/cancel?token=a` };
const every: [NoticeContent, string, string[]][] = [
  [confirm, "Confirm your subscription to The Test Gazette", [`${URL}/confirm?token=abc`]],
  [
    {
      kind: "sign-in-code",
      data: { code: "482913", signInUrl: `${URL}/sign-in/link?token=x`, expiresInMinutes: 10 },
    },
    "482913 is your code for The Test Gazette",
    ["482913", `${URL}/sign-in/link?token=x`, "10 minutes"],
  ],
  [{ kind: "already-subscribed", data: {} }, "You already subscribe to The Test Gazette", [`${URL}/account`]],
  [
    { kind: "welcome", data: { latestIssueSlug: null } },
    "Welcome to The Test Gazette",
    ["Latest of all", "Fridays", `${URL}/unsubscribe?token=`],
  ],
  [
    { kind: "trial-started", data: trial },
    "Your trial of The Test Gazette has begun",
    ["27 November 2026", "$3/mo", `${URL}/cancel?token=a`],
  ],
  [
    { kind: "later-started", data: trial },
    "Your membership of The Test Gazette goes on",
    ["27 November 2026", "$3/mo", `${URL}/cancel?token=a`],
  ],
  [
    { kind: "later-starting", data: trial },
    "The first charge for The Test Gazette comes soon",
    ["27 November 2026", "$3/mo", `${URL}/cancel?token=a`],
  ],
  [
    { kind: "trial-ending", data: trial },
    "Your trial of The Test Gazette ends soon",
    ["27 November 2026", "$3/mo", `${URL}/cancel?token=a`],
  ],
  [
    {
      kind: "payment-received",
      data: {
        amountLabel: "$3",
        discountLabel: "$1",
        nextPriceLabel: "$3 a month",
        periodEndsAt: AT,
        invoiceUrl: "https://pay.test/in_1",
        cancelUrl: `${URL}/cancel?token=b`,
      },
    },
    "Receipt: $3 for The Test Gazette",
    ["https://pay.test/in_1", "27 November 2026", `${URL}/cancel?token=b`],
  ],
  [
    { kind: "payment-failed", data: { amountLabel: "$3", accessEndsAt: AT, fixUrl: `${URL}/account` } },
    "Your payment for The Test Gazette did not go through",
    ["27 November 2026", `${URL}/account`],
  ],
  [
    { kind: "membership-cancelled", data: { accessEndsAt: AT } },
    "You cancelled your membership of The Test Gazette",
    ["27 November 2026"],
  ],
  [
    { kind: "moment-missed", data: { issueId: "0190", title: "On scaling laws", dueAt: AT } },
    "Not sent: “On scaling laws” waits for you",
    ["27 November 2026", `${URL}/admin/issues/0190`, "not at all"],
  ],
  [
    { kind: "slot-empty", data: { slotAt: AT } },
    "Nothing is scheduled for Friday, 27 November 2026 at 09:00 GMT",
    ["27 November 2026", `${URL}/admin`],
  ],
  [
    {
      kind: "sending-paused",
      data: { issueId: "0190", title: "On scaling laws", pausedAt: AT, words: "550 5.7.1 not from <you>" },
    },
    "Paused: mail servers refuse “On scaling laws”",
    ["27 November 2026", `${URL}/admin/issues/0190`, "550 5.7.1 not from", "Go on sending"],
  ],
  [{ kind: "membership-ended", data: {} }, "Your membership of The Test Gazette has ended", [`${URL}/join`]],
];

test.each(every)(
  "$kind says the same in both parts, from whom it comes and why",
  async (content, subject, words) => {
    await start();
    await createPublishedIssue(database.db, { title: "Latest of all", slug: "latest" });
    const subscriber = await enqueue(content);
    expect(await sendDue()).toBe(1);
    const [taken] = server.taken;
    expect(taken?.to).toBe(subscriber.email);
    const mail = await simpleParser(taken?.source ?? "");
    const html = (mail.html || "").replaceAll("&amp;", "&").replace(/<style>.*?<\/style>/s, "");
    const text = (mail.text ?? "").replace(/\s+/g, " ");
    expect(mail.subject).toBe(subject);
    expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
    const listHeaders = String(taken?.source ?? "").match(/^List-.*$/gm) ?? [];
    const oneClick = [
      `List-Unsubscribe: <${oneClickUrl(subscriber.id, { publicUrl: URL })}>`,
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ];
    expect(listHeaders.map((line) => line.trim())).toEqual(content.kind === "welcome" ? oneClick : []);
    expect(html).toMatch(/<html lang="en"/);
    for (const part of [html.replace(/\s+/g, " "), text]) {
      for (const word of [...words, "1 Fixture Lane, Testville", "You get this"])
        expect(part).toContain(word);
      expect(part).not.toMatch(/undefined|\[object|NaN|Behind the wall/);
    }
  },
);

test("a test of an issue is that issue's mail, marked as a test", async () => {
  await start();
  const issue = await createPublishedIssue(database.db, { title: "Under test" });
  await enqueue({ kind: "test-issue", data: { issueId: issue.id, variant: "TEASER" } });
  await sendDue();
  const mail = await simpleParser(server.taken[0]?.source ?? "");
  expect(mail.subject).toBe("[Test] Under test");
  expect(mail.text).toContain("Before the wall.");
  expect(mail.text).not.toContain("Behind the wall.");
  expect(mail.headers.has("list")).toBe(true);
});

describe("the outbox", () => {
  test("a key that was used before adds nothing", async () => {
    await start();
    await enqueue(confirm, { dedupeKey: "once" });
    const second = await enqueueNotice(database.db, {
      ...confirm,
      to: { subscriberId: null, email: "other@example.com" },
      dedupeKey: "once",
    });
    expect(second).toBe(false);
    expect(await sendDue()).toBe(1);
    expect(await sendDue()).toBe(0);
  });

  test("what was sent keeps no secret", async () => {
    await start();
    await enqueue(confirm);
    await sendDue();
    expect(await database.db.notice.findFirst()).toMatchObject({ state: "SENT", data: {}, attempt: 1 });
  });

  test("an expired notice is dropped unsent and keeps no secret", async () => {
    await start();
    await enqueue(confirm, { expiresInSeconds: -1 });
    expect(await sendDue()).toBe(0);
    expect(await database.db.notice.findFirst()).toMatchObject({ state: "FAILED", data: {} });
    expect(server.taken).toHaveLength(0);
  });

  test("a temporary refusal is tried again under the same Message-ID", async () => {
    await start({
      fault: (_to, time) => (time === 1 ? { at: "rcpt", code: 450, text: "4.2.0 later" } : null),
    });
    await enqueue(confirm);
    await sendDue();
    const waiting = await database.db.notice.findFirstOrThrow();
    expect(waiting).toMatchObject({ state: "QUEUED", attempt: 1 });
    expect(waiting.nextAttemptAt.getTime()).toBeGreaterThan(Date.now());
    await database.db.notice.updateMany({ data: { nextAttemptAt: new Date(0) } });
    await sendDue();
    const mail = await simpleParser(server.taken[0]?.source ?? "");
    expect(mail.messageId).toBe(waiting.messageId);
    expect(await database.db.notice.findFirst()).toMatchObject({ state: "SENT", attempt: 2 });
  });

  test("a final refusal is kept with its reason", async () => {
    await start({ fault: () => ({ at: "rcpt", code: 550, text: "5.1.1 no such user" }) });
    await enqueue(confirm);
    await sendDue();
    const row = await database.db.notice.findFirst();
    expect(row).toMatchObject({ state: "FAILED", data: {} });
    expect(row?.reply).toContain("5.1.1");
  });

  test.each<[string, ServerOptions]>([
    [
      "the recipient's server dislikes us",
      { fault: (_to, time) => (time === 1 ? { at: "rcpt", code: 550, text: "5.7.1 no reputation" } : null) },
    ],
    [
      "ours does not know the sender",
      { senderFault: (time) => (time === 1 ? { code: 550, text: "5.1.0 Sender rejected" } : null) },
    ],
    [
      "ours does not know the sender, in the words of an unknown reader",
      { senderFault: (time) => (time === 1 ? { code: 550, text: "5.1.1 User unknown" } : null) },
    ],
    [
      "ours wants a login",
      { senderFault: (time) => (time === 1 ? { code: 530, text: "5.7.0 Authentication required" } : null) },
    ],
  ])("what is refused because %s waits, and is not held against the reader", async (_because, options) => {
    await start(options);
    await enqueue(confirm);
    await sendDue();
    expect(await database.db.notice.findFirst()).toMatchObject({ state: "QUEUED", attempt: 1 });
    expect(await database.db.bounce.count()).toBe(0);
    await database.db.notice.updateMany({ data: { nextAttemptAt: new Date(0) } });
    await sendDue();
    expect(server.taken).toHaveLength(1);
  });

  test("data that no template understands fails that notice alone", async () => {
    await start();
    await enqueue(confirm);
    await database.db.notice.updateMany({ data: { data: { confirmUrl: "javascript:alert(1)" } } });
    const good = await enqueue({ kind: "already-subscribed", data: {} });
    await sendDue();
    expect(server.taken.map((mail) => mail.to)).toEqual([good.email]);
  });

  test("a database that is away while a notice is written costs it a wait", async () => {
    await start();
    await enqueue({ kind: "welcome", data: { latestIssueSlug: null } });
    await sendDue(failing("findFirst", 1));
    expect(await database.db.notice.findFirst()).toMatchObject({
      state: "QUEUED",
      attempt: 1,
      data: { latestIssueSlug: null },
    });
    await database.db.notice.updateMany({ data: { nextAttemptAt: new Date(0) } });
    await sendDue();
    expect(server.taken).toHaveLength(1);
    expect(await database.db.notice.findFirst()).toMatchObject({ state: "SENT" });
  });

  test.each<[string, Prisma.NoticeUpdateManyMutationInput]>([
    ["with an address that is two", { email: "a@x.test,b@z.test" }],
    ["with a header that is two", { messageId: "<one@x.test>\r\nBcc: all@example.com" }],
    ["of a kind that there is not", { kind: "unheard-of" }],
    ["of an issue that is gone", { kind: "test-issue", data: { issueId: "gone", variant: "WHOLE" } }],
  ])("a notice %s is not tried again", async (_name, damage) => {
    await start();
    await enqueue(confirm);
    await database.db.notice.updateMany({ data: damage });
    await sendDue();
    expect(await database.db.notice.findFirst()).toMatchObject({ state: "FAILED", data: {} });
    expect(server.taken).toHaveLength(0);
  });

  test("what the server took is sent, though the database is away for a moment", async () => {
    await start();
    await enqueue(confirm);
    await sendDue(failing("settle", 2));
    expect(await database.db.notice.findFirst()).toMatchObject({ state: "SENT", data: {}, attempt: 1 });
    expect(server.taken).toHaveLength(1);
  });

  test("an answer that the database does not take for long is left to the lease, and is no failure", async () => {
    await start();
    await enqueue(confirm);
    let over = false;
    const sending = sendDue(failing("settle", Number.POSITIVE_INFINITY)).finally(() => {
      over = true;
    });
    await vi.waitFor(() => expect(server.taken).toHaveLength(1));
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      while (!over) {
        vi.advanceTimersByTime(1_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      vi.useRealTimers();
    }
    expect(await sending).toBe(1);
    expect(await database.db.notice.findFirst()).toMatchObject({ state: "SENDING", attempt: 1 });
    expect(server.taken).toHaveLength(1);
  });

  test("a notice of a worker that died is sent when its lease is over", async () => {
    await start();
    await enqueue(confirm);
    await database.db.notice.updateMany({
      data: { state: "SENDING", attempt: 1, leaseUntil: new Date(Date.now() + 60_000) },
    });
    expect(await sendDue()).toBe(0);
    await database.db.notice.updateMany({ data: { leaseUntil: new Date(Date.now() - 1_000) } });
    expect(await sendDue()).toBe(1);
  });

  test("two senders at once send each notice once", async () => {
    await start();
    for (let count = 0; count < 9; count += 1) await enqueue(confirm);
    await Promise.all([sendDue(), sendDue()]);
    while ((await sendDue()) > 0);
    expect(server.taken).toHaveLength(9);
    expect(new Set(server.taken.map((mail) => mail.to)).size).toBe(9);
  });
});
