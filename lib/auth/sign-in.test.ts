import { describe, expect, it } from "vitest";
import { DomainError } from "@/lib/errors";
import { createSubscriber } from "@/prisma/factories";
import { useTestDatabase } from "@/prisma/test-database";
import { pruneSignInRequests, requestSignIn } from "./request-sign-in";
import { inspectSignInLink, signInByCode, signInByLink, signInByLinkAndCode } from "./sign-in";

const database = useTestDatabase({ emptyEachTime: true });
const NOW = new Date("2026-11-20T09:00:00Z");
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const AUTHOR = "author@masthead.test";

type Mail = { code: string; signInUrl: string };

/** Asks, and reads the mail that came of it. */
async function ask(
  email: string,
  options: { now?: Date; next?: string; newcomers?: { source: string } } = {},
) {
  const now = options.now ?? NOW;
  const { browserToken } = await requestSignIn(
    database.db,
    { email, client: null, next: options.next, ...(options.newcomers && { newcomers: options.newcomers }) },
    { now },
  );
  const notice = await database.db.notice.findFirst({
    where: { email, kind: "sign-in-code" },
    orderBy: { createdAt: "desc" },
  });
  const mail = notice?.data as Mail | undefined;
  return {
    browserToken: browserToken ?? "",
    code: mail?.code ?? "",
    linkToken: mail ? (new URL(mail.signInUrl).searchParams.get("token") ?? "") : "",
  };
}

const WRONG = "000000";

describe("asking to sign in", () => {
  it("leaves the same traces but the mail for an address that is known and one that is not", async () => {
    const { email } = await createSubscriber(database.db);
    const known = await ask(email);
    const unknown = await ask("unknown@example.com");
    expect(unknown.browserToken).toHaveLength(known.browserToken.length);
    expect(await database.db.signInRequest.count()).toBe(2);
    expect(await database.db.notice.count()).toBe(1);
    const answers = await Promise.all(
      [known, unknown].map(({ browserToken }) =>
        signInByCode(database.db, { browserToken, code: WRONG }, { now: NOW }),
      ),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(await database.db.subscriber.count()).toBe(1);
  });

  it("keeps neither the code nor the link nor the address in the database", async () => {
    const { email } = await createSubscriber(database.db);
    const { code, linkToken, browserToken } = await ask(email);
    const row = JSON.stringify(await database.db.signInRequest.findFirst());
    for (const secret of [code, linkToken, browserToken, email]) expect(row).not.toContain(secret);
  });

  it("mails a mailbox three times in a quarter of an hour and stays silent afterwards", async () => {
    const { email } = await createSubscriber(database.db);
    for (let turn = 0; turn < 5; turn += 1) await ask(email);
    expect(await database.db.notice.count()).toBe(3);
    await ask(email, { now: later(16) });
    expect(await database.db.notice.count()).toBe(4);
  });

  it("builds links from our own address and goes on only to our own pages", async () => {
    const { email } = await createSubscriber(database.db);
    const { browserToken, code } = await ask(email, { next: "//evil.test" });
    const notice = await database.db.notice.findFirstOrThrow();
    expect((notice.data as Mail).signInUrl).toMatch(
      /^http:\/\/127\.0\.0\.1:3000\/sign-in\/link\?token=[\w-]{43}$/,
    );
    const answer = await signInByCode(database.db, { browserToken, code }, { now: NOW });
    expect(answer).toMatchObject({ outcome: "signed-in", who: { nextPath: "/account" } });
  });

  it.each([["SUPPRESSED" as const]])("mails nothing to somebody %s", async (status) => {
    const { email } = await createSubscriber(database.db, { status });
    await ask(email);
    expect(await database.db.notice.count()).toBe(0);
  });

  it("refuses what is no address, and a client that asks too often", async () => {
    await expect(ask("a@x.test,b@z.test")).rejects.toThrow(DomainError);
    const run = (number: number) =>
      requestSignIn(database.db, { email: `r${number}@example.com`, client: "198.51.100.7" }, { now: NOW });
    for (let number = 0; number < 10; number += 1) await run(number);
    await expect(run(10)).rejects.toThrow("Too many");
  });

  it("makes a row for the author on demand, and for nobody else", async () => {
    const { browserToken, code } = await ask(AUTHOR);
    const answer = await signInByCode(database.db, { browserToken, code }, { now: NOW });
    expect(answer.outcome).toBe("signed-in");
    expect(await database.db.subscriber.findMany({ select: { email: true, status: true } })).toEqual([
      { email: AUTHOR, status: "CONFIRMED" },
    ]);
  });

  it("takes in a newcomer where newcomers are welcome, and confirms them by the code", async () => {
    const { browserToken, code } = await ask("new@example.com", { newcomers: { source: "/join" } });
    expect(await database.db.subscriber.findFirst()).toMatchObject({ status: "PENDING", source: "/join" });
    expect((await signInByCode(database.db, { browserToken, code }, { now: NOW })).outcome).toBe("signed-in");
    expect(await database.db.subscriber.findFirst()).toMatchObject({ status: "CONFIRMED" });
  });

  it("takes in no newcomer whose address is a duty's or closed", async () => {
    const { suppress } = await import("@/lib/subscribers/suppress");
    await suppress(database.db, { email: "closed@example.com", reason: "bounced" }, { now: NOW });
    for (const email of ["noreply@example.com", "closed@example.com"])
      await ask(email, { newcomers: { source: "/join" } });
    expect(await database.db.subscriber.count()).toBe(0);
    expect(await database.db.notice.count()).toBe(0);
  });
});

describe("signing in by code", () => {
  it("works once, also when many press at the same moment", async () => {
    const { id, email } = await createSubscriber(database.db);
    const { browserToken, code } = await ask(email, { next: "/p/issue-4" });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => signInByCode(database.db, { browserToken, code }, { now: NOW })),
    );
    const signedIn = answers.filter((answer) => answer.outcome === "signed-in");
    expect(signedIn).toEqual([{ outcome: "signed-in", who: { subscriberId: id, nextPath: "/p/issue-4" } }]);
    expect(await signInByCode(database.db, { browserToken, code }, { now: NOW })).toEqual({
      outcome: "ask-again",
    });
  });

  it("allows five tries, also when they come all at once", async () => {
    const { email } = await createSubscriber(database.db);
    const { browserToken, code } = await ask(email);
    const answers = await Promise.all(
      Array.from({ length: 9 }, () => signInByCode(database.db, { browserToken, code: WRONG }, { now: NOW })),
    );
    const left = answers.flatMap((answer) => (answer.outcome === "wrong-code" ? [answer.triesLeft] : []));
    expect(left.sort()).toEqual([1, 2, 3, 4]);
    expect(await signInByCode(database.db, { browserToken, code }, { now: NOW })).toEqual({
      outcome: "ask-again",
    });
  });

  it("reads a code that was typed kindly", async () => {
    const { email } = await createSubscriber(database.db);
    const { browserToken, code } = await ask(email);
    const typed = ` ${code.slice(0, 3).toLowerCase()}-${code.slice(3).toLowerCase()} `;
    expect((await signInByCode(database.db, { browserToken, code: typed }, { now: NOW })).outcome).toBe(
      "signed-in",
    );
  });

  it("gives one answer for a code that is old, replaced, of another request or of nobody", async () => {
    const { email } = await createSubscriber(database.db);
    const other = await createSubscriber(database.db);
    const first = await ask(email);
    const second = await ask(email, { now: later(1) });
    const theirs = await ask(other.email);
    const askAgain = { outcome: "ask-again" };
    expect(await signInByCode(database.db, first, { now: later(2) })).toEqual(askAgain);
    expect(await signInByCode(database.db, second, { now: later(11) })).toEqual(askAgain);
    expect(
      await signInByCode(database.db, { browserToken: "unknown", code: second.code }, { now: later(2) }),
    ).toEqual(askAgain);
    expect(
      (
        await signInByCode(
          database.db,
          { browserToken: theirs.browserToken, code: second.code },
          { now: later(2) },
        )
      ).outcome,
    ).toBe("wrong-code");
    expect((await signInByCode(database.db, second, { now: later(2) })).outcome).toBe("signed-in");
  });

  it("confirms somebody who was waiting, and leaves somebody who had left", async () => {
    for (const [status, afterwards] of [
      ["PENDING", "CONFIRMED"],
      ["UNSUBSCRIBED", "UNSUBSCRIBED"],
    ] as const) {
      const { id, email } = await createSubscriber(database.db, { status });
      expect((await signInByCode(database.db, await ask(email), { now: NOW })).outcome).toBe("signed-in");
      expect((await database.db.subscriber.findUniqueOrThrow({ where: { id } })).status).toBe(afterwards);
    }
  });

  it("refuses somebody who was erased meanwhile", async () => {
    const { id, email } = await createSubscriber(database.db);
    const asked = await ask(email);
    await database.db.subscriber.delete({ where: { id } });
    expect(await signInByCode(database.db, asked, { now: NOW })).toEqual({ outcome: "ask-again" });
  });
});

describe("signing in by link", () => {
  it("survives every scanner on the way, and then signs in the browser that asked, once", async () => {
    const { email } = await createSubscriber(database.db);
    const { linkToken, browserToken } = await ask(email);
    for (let turn = 0; turn < 3; turn += 1) {
      const seen = await inspectSignInLink(database.db, { linkToken, browserToken: null }, { now: NOW });
      expect(seen).toEqual({ state: "ready", email, sameBrowser: false, mayTypeCode: true });
      expect(await signInByLink(database.db, { linkToken, browserToken: null }, { now: NOW })).toEqual({
        outcome: "ask-again",
      });
      expect(await signInByLink(database.db, { linkToken, browserToken: "scanner" }, { now: NOW })).toEqual({
        outcome: "ask-again",
      });
    }
    expect(await inspectSignInLink(database.db, { linkToken, browserToken }, { now: NOW })).toMatchObject({
      sameBrowser: true,
    });
    const answers = await Promise.all(
      [1, 2, 3].map(() => signInByLink(database.db, { linkToken, browserToken }, { now: NOW })),
    );
    expect(answers.filter((answer) => answer.outcome === "signed-in")).toHaveLength(1);
    expect(await inspectSignInLink(database.db, { linkToken, browserToken }, { now: NOW })).toEqual({
      state: "unusable",
    });
  });

  it("takes the code on its page in another browser from a reader, and never from an author", async () => {
    const { email } = await createSubscriber(database.db);
    const reader = await ask(email);
    expect((await signInByLinkAndCode(database.db, reader, { now: NOW })).outcome).toBe("signed-in");
    const author = await ask(AUTHOR);
    expect(
      await inspectSignInLink(database.db, { linkToken: author.linkToken, browserToken: null }, { now: NOW }),
    ).toMatchObject({
      mayTypeCode: false,
    });
    expect(await signInByLinkAndCode(database.db, author, { now: NOW })).toEqual({ outcome: "ask-again" });
  });

  it("shares its five tries with the code", async () => {
    const { email } = await createSubscriber(database.db);
    const { linkToken, browserToken, code } = await ask(email);
    for (let turn = 0; turn < 3; turn += 1)
      await signInByCode(database.db, { browserToken, code: WRONG }, { now: NOW });
    for (let turn = 0; turn < 2; turn += 1)
      await signInByLinkAndCode(database.db, { linkToken, code: WRONG }, { now: NOW });
    expect(await signInByLinkAndCode(database.db, { linkToken, code }, { now: NOW })).toEqual({
      outcome: "ask-again",
    });
  });

  it.each([
    ["cut short", (token: string) => token.slice(0, -1)],
    ["in capitals", (token: string) => token.toUpperCase()],
    ["of nobody", () => "x".repeat(43)],
    ["empty", () => ""],
  ])("shows one page for a token that is %s", async (_what, change) => {
    const { email } = await createSubscriber(database.db);
    const { linkToken, browserToken } = await ask(email);
    const wrong = { linkToken: change(linkToken), browserToken };
    expect(await inspectSignInLink(database.db, wrong, { now: NOW })).toEqual({ state: "unusable" });
    expect(await signInByLink(database.db, wrong, { now: NOW })).toEqual({ outcome: "ask-again" });
  });
});

it("clears away requests that are too old to be used", async () => {
  const { email } = await createSubscriber(database.db);
  await ask(email);
  expect(await pruneSignInRequests(database.db, { now: later(5) })).toBe(0);
  expect(await pruneSignInRequests(database.db, { now: later(11) })).toBe(1);
});
