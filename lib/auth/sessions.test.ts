import { afterEach, describe, expect, it, vi } from "vitest";
import { rememberTrial } from "@/lib/subscribers/used-trial";
import { createMembership, createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { createAuth } from "./better-auth";
import {
  beginSession,
  endAllSessions,
  endSession,
  listSessions,
  pruneSessions,
  readSession,
} from "./sessions";
import { identify, isFreshForDesk } from "./viewer";

const database = useTestDatabase({ emptyEachTime: true });
const DAY_MS = 24 * 60 * 60 * 1_000;
const SECRET = "kQ8vT2xLw5nR7bYc3mJd9pHs4fGz6aUe";

const authAt = (publicUrl = "http://127.0.0.1:3000") =>
  createAuth(database.db, { publicUrl, secret: SECRET });

const cookieOf = (setCookies: string[] | null) => setCookies?.[0]?.split(";")[0] ?? "";
const withCookie = (cookie: string) => new Headers({ cookie, "user-agent": "Test browser" });

async function signedIn(auth = authAt()) {
  const subscriber = await createSubscriber(database.db);
  const cookie = cookieOf(await beginSession(auth, subscriber.id, withCookie("")));
  return { auth, subscriber, cookie };
}

const services = (auth: ReturnType<typeof authAt>, now = new Date()) => ({ db: database.db, auth, now });

afterEach(() => {
  vi.useRealTimers();
});

describe("a session", () => {
  it("says who the reader is today", async () => {
    const { auth, subscriber, cookie } = await signedIn();
    await createMembership(database.db, subscriber.id);
    const { viewer } = await identify(withCookie(cookie), services(auth));
    expect(viewer).toMatchObject({
      kind: "reader",
      subscriberId: subscriber.id,
      isConfirmed: true,
      isAuthor: false,
      membership: { status: "ACTIVE" },
    });
  });

  it("knows that a reader who was erased and came back had a trial", async () => {
    const { auth, subscriber, cookie } = await signedIn();
    const isUsed = async () => {
      const { viewer } = await identify(withCookie(cookie), services(auth));
      return viewer.kind === "reader" && viewer.trialUsed;
    };
    expect(await isUsed()).toBe(false);
    await rememberTrial(database.db, subscriber.email, new Date("2026-03-01T09:00:00Z"));
    expect(await isUsed()).toBe(true);
  });

  it("is kept as a hash: what the database holds opens nothing", async () => {
    const { auth, cookie } = await signedIn();
    const row = await database.db.session.findFirstOrThrow();
    expect(row.token).toMatch(/^[0-9a-f]{64}$/);
    expect(decodeURIComponent(cookie)).not.toContain(row.token);
    const [name, value] = cookie.split("=");
    const signature = decodeURIComponent(value ?? "").split(".")[1];
    const stolen = `${name}=${encodeURIComponent(`${row.token}.${signature}`)}`;
    expect(await readSession(auth, withCookie(stolen), { now: new Date() })).toBeNull();
  });

  it.each([
    ["http://127.0.0.1:3000", /^masthead=[^;]+; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/i],
    [
      "https://weekly.example",
      /^__Host-masthead=[^;]+; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Lax$/i,
    ],
  ])("at %s has a cookie that scripts and other sites cannot use", async (publicUrl, shape) => {
    const subscriber = await createSubscriber(database.db);
    const [cookie] = (await beginSession(authAt(publicUrl), subscriber.id, withCookie(""))) ?? [];
    expect(cookie).toMatch(shape);
  });

  it("begins anew at each sign-in: a cookie planted before means nothing, the earlier session ends", async () => {
    const { auth, subscriber, cookie } = await signedIn();
    const next = cookieOf(await beginSession(auth, subscriber.id, withCookie(cookie)));
    expect(next).not.toBe(cookie);
    expect(await readSession(auth, withCookie(cookie), { now: new Date() })).toBeNull();
    expect(await readSession(auth, withCookie(next), { now: new Date() })).not.toBeNull();
    expect(await database.db.session.count()).toBe(1);
  });

  it("does not begin for somebody who is gone", async () => {
    expect(await beginSession(authAt(), "0190a000-0000-7000-8000-000000000000", withCookie(""))).toBeNull();
  });

  it.each([
    ["no cookie", () => ""],
    ["a forged signature", (cookie: string) => `${cookie.slice(0, -6)}AAAA%3D`],
    ["a token without a signature", (cookie: string) => cookie.split(".")[0] ?? ""],
    ["nonsense", () => "masthead=%00%ff; masthead.session_token=1"],
  ])("is not read from %s", async (_what, change) => {
    const { auth, cookie } = await signedIn();
    expect((await identify(withCookie(change(cookie)), services(auth))).viewer).toEqual({ kind: "stranger" });
  });

  it("of another secret is refused", async () => {
    const { cookie } = await signedIn();
    const other = createAuth(database.db, {
      publicUrl: "http://127.0.0.1:3000",
      secret: "another-secret-of-thirty-two-chars!!",
    });
    expect(await readSession(other, withCookie(cookie), { now: new Date() })).toBeNull();
  });

  it("ends by signing out, here", async () => {
    const { auth, subscriber, cookie } = await signedIn();
    const elsewhere = cookieOf(await beginSession(auth, subscriber.id, withCookie("")));
    const gone = await endSession(auth, withCookie(cookie));
    expect(gone.some((header) => /^masthead=;/.test(header) && /Max-Age=0/i.test(header))).toBe(true);
    expect(await readSession(auth, withCookie(cookie), { now: new Date() })).toBeNull();
    expect(await readSession(auth, withCookie(elsewhere), { now: new Date() })).not.toBeNull();
  });

  it("ends everywhere at once", async () => {
    const { auth, subscriber, cookie } = await signedIn();
    const elsewhere = cookieOf(await beginSession(auth, subscriber.id, withCookie("")));
    expect(await listSessions(database.db, subscriber.id, { now: new Date() })).toHaveLength(2);
    expect(await endAllSessions(database.db, subscriber.id)).toBe(2);
    for (const each of [cookie, elsewhere]) {
      expect(await readSession(auth, withCookie(each), { now: new Date() })).toBeNull();
    }
  });

  it("dies with the person", async () => {
    const { auth, subscriber, cookie } = await signedIn();
    await database.db.subscriber.delete({ where: { id: subscriber.id } });
    expect((await identify(withCookie(cookie), services(auth))).viewer.kind).toBe("stranger");
  });

  it("lasts ninety days from its last use, and a year at most", async () => {
    const { auth, cookie } = await signedIn();
    const start = Date.now();
    for (const day of [80, 160, 240, 320, 364]) {
      const now = new Date(start + day * DAY_MS);
      vi.useFakeTimers({ now, toFake: ["Date"] });
      expect((await identify(withCookie(cookie), services(auth, now))).viewer.kind).toBe("reader");
    }
    const late = new Date(start + 366 * DAY_MS);
    vi.useFakeTimers({ now: late, toFake: ["Date"] });
    expect((await identify(withCookie(cookie), services(auth, late))).viewer.kind).toBe("stranger");
  });

  it("that nobody used for ninety days is over, and can be cleared away", async () => {
    const { auth, cookie } = await signedIn();
    const late = new Date(Date.now() + 91 * DAY_MS);
    expect(await readSession(auth, withCookie(cookie), { now: late })).toBeNull();
    expect(await pruneSessions(database.db, { now: late })).toBe(1);
  });
});

describe("an author", () => {
  it("is whoever the environment or the list of authors names, as of now", async () => {
    const auth = authAt();
    const invited = await createSubscriber(database.db);
    const named = await createSubscriber(database.db, { email: "author@masthead.test" });
    const cookies = await Promise.all(
      [invited, named].map(async (each) => cookieOf(await beginSession(auth, each.id, withCookie("")))),
    );
    const isAuthor = async () =>
      Promise.all(
        cookies.map(async (cookie) => {
          const { viewer } = await identify(withCookie(cookie), services(auth));
          return viewer.kind === "reader" && viewer.isAuthor;
        }),
      );
    expect(await isAuthor()).toEqual([false, true]);
    await database.db.author.create({ data: { email: invited.email } });
    expect(await isAuthor()).toEqual([true, true]);
    await database.db.author.deleteMany();
    expect(await isAuthor()).toEqual([false, true]);
  });

  it("proves the mailbox again after a week", () => {
    const createdAt = new Date("2026-11-20T09:00:00Z");
    expect(isFreshForDesk({ createdAt }, new Date("2026-11-27T08:59:59Z"))).toBe(true);
    expect(isFreshForDesk({ createdAt }, new Date("2026-11-27T09:00:00Z"))).toBe(false);
  });
});
