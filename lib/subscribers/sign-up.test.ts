import { describe, expect, it } from "vitest";
import { DomainError } from "@/lib/errors";
import { keyedHash } from "@/lib/tokens";
import { createPublishedIssue, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { confirmByLink, confirmSubscriber, inspectConfirmLink } from "./confirm";
import { type SignUp, signUp } from "./sign-up";
import { liftSuppression, suppress } from "./suppress";
import { makeUndoToken, resubscribe, unsubscribe, unsubscribeByToken, unsubscribeUrl } from "./unsubscribe";

const database = useTestDatabase({ emptyEachTime: true });
const NOW = new Date("2026-11-20T09:00:00Z");
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

const ask = (email: string, more: Partial<SignUp> = {}, now = NOW) =>
  signUp(database.db, { email, source: "home", client: null, ...more }, { now });

const notices = (email: string) =>
  database.db.notice.findMany({ where: { email }, orderBy: { createdAt: "asc" } });

async function tokenFor(email: string): Promise<string> {
  const notice = (await notices(email)).findLast((each) => each.kind === "confirm");
  if (!notice) throw new Error("No mail to confirm was written.");
  return new URL((notice.data as { confirmUrl: string }).confirmUrl).searchParams.get("token") ?? "";
}

const statusOf = async (email: string) =>
  (await database.db.subscriber.findUnique({ where: { email } }))?.status;

async function codeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return "taken";
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

describe("signing up", () => {
  it("keeps a new address waiting and mails a link to confirm", async () => {
    await ask(" New@Example.com ");
    const subscriber = await database.db.subscriber.findUniqueOrThrow({
      where: { email: "new@example.com" },
    });
    expect(subscriber).toMatchObject({
      status: "PENDING",
      source: "home",
      consent: "form-1",
      consentAt: NOW,
    });
    expect((await notices("new@example.com")).map((notice) => notice.kind)).toEqual(["confirm"]);
  });

  it("answers alike for addresses that are new, waiting, confirmed, gone and suppressed", async () => {
    const { db } = database;
    const known = await Promise.all(
      (["PENDING", "CONFIRMED", "UNSUBSCRIBED", "SUPPRESSED"] as const).map((status) =>
        createSubscriber(db, { status }),
      ),
    );
    const answers = [];
    for (const email of ["new@example.com", ...known.map((each) => each.email)])
      answers.push(await ask(email));
    expect(answers).toEqual([undefined, undefined, undefined, undefined, undefined]);
    const kinds = await Promise.all(
      known.map(async (each) => (await notices(each.email)).map(({ kind }) => kind)),
    );
    expect(kinds).toEqual([["confirm"], ["already-subscribed"], ["confirm"], []]);
    expect(await Promise.all(known.map((each) => statusOf(each.email)))).toEqual(
      known.map((each) => each.status),
    );
  });

  it("mails a mailbox once in ten minutes and three times a day, under any of its spellings", async () => {
    for (const minutes of [0, 1, 9]) await ask("a.b@gmail.com", {}, later(minutes));
    await ask("ab+x@gmail.com", {}, later(9));
    expect(await database.db.notice.count()).toBe(1);
    for (const minutes of [11, 25, 40, 300]) await ask("a.b@gmail.com", {}, later(minutes));
    expect(await database.db.notice.count()).toBe(3);
    await ask("a.b@gmail.com", {}, later(25 * 60));
    expect(await database.db.notice.count()).toBe(4);
  });

  it("tells a confirmed reader no more than once a day that somebody asked again", async () => {
    const { email } = await createSubscriber(database.db);
    for (const minutes of [0, 20, 45]) await ask(email, {}, later(minutes));
    expect(await notices(email)).toHaveLength(1);
  });

  it("does nothing, and says nothing, when the hidden field is filled in", async () => {
    await ask("bot@example.com", { trap: "http://spam.test" });
    expect(await database.db.subscriber.count()).toBe(0);
    expect(await database.db.notice.count()).toBe(0);
  });

  it("asks for a second press when the form comes back within a second", async () => {
    const quick = ask("quick@example.com", { startedAt: new Date(NOW.getTime() - 800) });
    expect(await codeOf(quick)).toBe("CONFLICT");
    expect(await database.db.subscriber.count()).toBe(0);
    await ask("quick@example.com");
    expect(await notices("quick@example.com")).toHaveLength(1);
  });

  it("refuses what is no address and what belongs to a duty, and writes nothing", async () => {
    for (const email of [
      "a@x.test\r\nBcc: e@z.test",
      "a@x.test,b@z.test",
      "noreply@example.com",
      "nothing",
    ]) {
      expect(await codeOf(ask(email))).toBe("INVALID");
    }
    expect(await database.db.subscriber.count()).toBe(0);
  });

  it("lets one client ask five times an hour, and another one go on", async () => {
    for (const number of [1, 2, 3, 4, 5]) await ask(`r${number}@example.com`, { client: "198.51.100.7" });
    expect(await codeOf(ask("r6@example.com", { client: "198.51.100.7" }))).toBe("TOO_MANY");
    expect(await codeOf(ask("r6@example.com", { client: "198.51.100.8" }))).toBe("taken");
    expect(await codeOf(ask("r7@example.com", { client: "198.51.100.7" }, later(61)))).toBe("taken");
  });

  it("makes one row and one mail of many presses at once", async () => {
    await Promise.all(Array.from({ length: 8 }, () => ask("fast@example.com")));
    expect(await database.db.subscriber.count()).toBe(1);
    expect(await database.db.notice.count()).toBe(1);
  });

  it("mails nobody whose erased address is on the closed list, except who merely had left", async () => {
    const { db } = database;
    for (const [email, reason] of [
      ["bounced@example.com", "bounced"],
      ["left@example.com", "unsubscribed"],
    ] as const) {
      await db.suppression.create({ data: { emailHash: keyedHash("address", email), reason } });
      await ask(email);
    }
    expect(await notices("bounced@example.com")).toEqual([]);
    expect(await notices("left@example.com")).toHaveLength(1);
  });
});

describe("confirming", () => {
  it("confirms once, welcomes once with the latest issue, and changes nothing the second time", async () => {
    const { db } = database;
    const issue = await createPublishedIssue(db, { publishedAt: later(-60) });
    await createPublishedIssue(db, { publishedAt: later(60) });
    await ask("new@example.com");
    const token = await tokenFor("new@example.com");
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => confirmByLink(db, { token, browserToken: null }, { now: later(5) })),
    );
    expect(results.filter((result) => result.outcome === "confirmed")).toHaveLength(1);
    expect(await confirmByLink(db, { token, browserToken: null }, { now: later(9) })).toEqual({
      outcome: "already-confirmed",
    });
    const welcomes = (await notices("new@example.com")).filter((notice) => notice.kind === "welcome");
    expect(welcomes.map((notice) => notice.data)).toEqual([{ latestIssueSlug: issue.slug }]);
    expect(await db.subscriber.findUnique({ where: { email: "new@example.com" } })).toMatchObject({
      status: "CONFIRMED",
      emailVerified: true,
      confirmedAt: later(5),
    });
  });

  it("changes nothing when the link is only opened, however often", async () => {
    await ask("new@example.com");
    const token = await tokenFor("new@example.com");
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await inspectConfirmLink(database.db, token, { now: NOW })).toEqual({
        state: "ready",
        email: "new@example.com",
      });
    }
    expect(await statusOf("new@example.com")).toBe("PENDING");
  });

  it("signs in the browser that signed up, and no other", async () => {
    const { db } = database;
    await ask("here@example.com", { browserToken: "browser-one" });
    await ask("there@example.com", { browserToken: "browser-one" });
    const here = await confirmByLink(
      db,
      { token: await tokenFor("here@example.com"), browserToken: "browser-one" },
      { now: NOW },
    );
    const there = await confirmByLink(
      db,
      { token: await tokenFor("there@example.com"), browserToken: "browser-two" },
      { now: NOW },
    );
    expect(here).toMatchObject({ outcome: "confirmed", signIn: true });
    expect(there).toMatchObject({ outcome: "confirmed", signIn: false });
  });

  it("refuses a link that is old, forged, cut short or for something else", async () => {
    await ask("new@example.com");
    const token = await tokenFor("new@example.com");
    const late = later(7 * 24 * 60 + 1);
    expect(await inspectConfirmLink(database.db, token, { now: late })).toEqual({ state: "unusable" });
    for (const wrong of [token.slice(0, -2), token.toUpperCase(), `${token}x`, "", "."]) {
      expect(await confirmByLink(database.db, { token: wrong, browserToken: null }, { now: NOW })).toEqual({
        outcome: "unusable",
      });
      expect(await unsubscribeByToken(database.db, token, { now: NOW })).toBeNull();
    }
    expect(await statusOf("new@example.com")).toBe("PENDING");
  });

  it("brings nobody back who left after the link was mailed", async () => {
    const { db } = database;
    await ask("new@example.com");
    const token = await tokenFor("new@example.com");
    await confirmByLink(db, { token, browserToken: null }, { now: later(1) });
    const { id } = await db.subscriber.findUniqueOrThrow({ where: { email: "new@example.com" } });
    await unsubscribe(db, id, { now: later(2) });
    expect(await confirmByLink(db, { token, browserToken: null }, { now: later(3) })).toEqual({
      outcome: "unusable",
    });
    await ask("new@example.com", {}, later(30));
    const fresh = await tokenFor("new@example.com");
    expect(await confirmByLink(db, { token: fresh, browserToken: null }, { now: later(31) })).toMatchObject({
      outcome: "confirmed",
    });
    expect((await notices("new@example.com")).filter((notice) => notice.kind === "welcome")).toHaveLength(1);
  });

  it("revives nobody who is suppressed", async () => {
    const subscriber = await createSubscriber(database.db, { status: "SUPPRESSED" });
    expect(await confirmSubscriber(database.db, subscriber.id, { now: NOW })).toBe(false);
    expect(await statusOf(subscriber.email)).toBe("SUPPRESSED");
  });
});

describe("leaving", () => {
  async function withDeliveries() {
    const { db } = database;
    const subscriber = await createSubscriber(db);
    const states = ["QUEUED", "DEFERRED", "SENDING", "SENT"] as const;
    for (const state of states) {
      const issue = await createPublishedIssue(db);
      await db.delivery.create({
        data: {
          issueId: issue.id,
          subscriberId: subscriber.id,
          state,
          messageId: `${state}.${subscriber.id}`,
        },
      });
    }
    const statesNow = async () =>
      (await db.delivery.findMany({ orderBy: { id: "asc" } })).map((delivery) => delivery.state);
    return { db, subscriber, statesNow };
  }

  it("ends the mail and takes what waits out of the queue; twice is fine", async () => {
    const { db, subscriber, statesNow } = await withDeliveries();
    expect(await unsubscribe(db, subscriber.id, { now: NOW })).toBe(true);
    expect(await unsubscribe(db, subscriber.id, { now: later(5) })).toBe(true);
    expect(await statesNow()).toEqual(["SKIPPED", "SKIPPED", "SENDING", "SENT"]);
    expect(await db.subscriber.findUnique({ where: { id: subscriber.id } })).toMatchObject({
      status: "UNSUBSCRIBED",
      unsubscribedAt: NOW,
    });
  });

  it("is taken back within a day, with the mail that it had skipped", async () => {
    const { db, subscriber, statesNow } = await withDeliveries();
    await db.delivery.updateMany({
      where: { state: "SENT" },
      data: { state: "SKIPPED", reply: "unsubscribed 2020-01-01" },
    });
    const token = unsubscribeUrl(subscriber.id, { publicUrl: "" }).split("token=")[1] ?? "";
    const farewell = await unsubscribeByToken(db, token, { now: NOW });
    expect(await resubscribe(db, farewell?.undoToken ?? "", { now: later(60) })).toBe(true);
    expect(await resubscribe(db, farewell?.undoToken ?? "", { now: later(61) })).toBe(true);
    expect(await statesNow()).toEqual(["QUEUED", "QUEUED", "SENDING", "SKIPPED"]);
    expect(await statusOf(subscriber.email)).toBe("CONFIRMED");
  });

  it("stays when the day is over, and the unsubscribe link itself cannot undo it", async () => {
    const { db, subscriber } = await withDeliveries();
    await unsubscribe(db, subscriber.id, { now: NOW });
    expect(await resubscribe(db, makeUndoToken(subscriber.id, NOW), { now: later(24 * 60 + 1) })).toBe(false);
    const link = unsubscribeUrl(subscriber.id, { publicUrl: "" }).split("token=")[1] ?? "";
    expect(await resubscribe(db, link, { now: NOW })).toBe(false);
    expect(await statusOf(subscriber.email)).toBe("UNSUBSCRIBED");
  });

  it("keeps somebody waiting who had never confirmed", async () => {
    const subscriber = await createSubscriber(database.db, { status: "PENDING" });
    await unsubscribe(database.db, subscriber.id, { now: NOW });
    await resubscribe(database.db, makeUndoToken(subscriber.id, NOW), { now: NOW });
    expect(await statusOf(subscriber.email)).toBe("PENDING");
  });
});

describe("suppressing", () => {
  it("closes an address for good, with or without a row, and keeps the first reason", async () => {
    const { db } = database;
    const subscriber = await createSubscriber(db);
    expect(await suppress(db, { email: subscriber.email, reason: "bounced" }, { now: NOW })).toBe(true);
    expect(await suppress(db, { email: subscriber.email, reason: "author" }, { now: NOW })).toBe(false);
    expect(await suppress(db, { email: "stranger@example.com", reason: "complained" }, { now: NOW })).toBe(
      true,
    );
    expect(await db.subscriber.findUnique({ where: { id: subscriber.id } })).toMatchObject({
      suppressedReason: "bounced",
    });
    await ask(subscriber.email);
    await ask("stranger@example.com");
    expect(await db.notice.count()).toBe(0);
  });

  it("can be lifted by the author, and the person then signs up anew", async () => {
    const { db } = database;
    const { id, email } = await createSubscriber(db);
    await suppress(db, { email, reason: "author" }, { now: NOW });
    expect(await liftSuppression(db, id, { now: NOW })).toBe(true);
    expect(await liftSuppression(db, id, { now: NOW })).toBe(false);
    await ask(email);
    expect((await notices(email)).map((notice) => notice.kind)).toEqual(["confirm"]);
  });
});
