import { afterEach, describe, expect, test } from "vitest";
import { createMailer, type Mailer, type MailerOptions, type SendResult } from "./mailer";
import { type Fault, startTestServer, type TestServer } from "./smtp.fixture";

const MESSAGE = Buffer.from("Subject: A test\r\n\r\n.A line that begins with a dot\r\nThe end\r\n");
const FROM = "weekly@masthead.test";

let server: TestServer;
let mailer: Mailer;

async function start(
  fault: (to: string, time: number) => Fault | null,
  options: { pipelining?: boolean; mailer?: Partial<MailerOptions> } = {},
) {
  server = await startTestServer({ fault, pipelining: options.pipelining ?? true });
  mailer = createMailer(server.url, { connections: 1, ...options.mailer });
}
const send = (to = "reader@example.com") => mailer.send({ from: FROM, to }, MESSAGE);

afterEach(async () => {
  await mailer.close();
  await server.close();
});

describe.each([true, false])("with PIPELINING %s", (pipelining) => {
  const cases: [string, Fault | null, Partial<SendResult>, number][] = [
    ["a server that takes it", null, { kind: "accepted" }, 1],
    [
      "a recipient that is greylisted",
      { at: "rcpt", code: 450, text: "4.2.0 come back later" },
      { kind: "refused", stage: "recipient", code: 450, enhanced: "4.2.0" },
      0,
    ],
    [
      "a recipient that is unknown",
      { at: "rcpt", code: 550, text: "5.1.1 no such user" },
      { kind: "refused", stage: "recipient", code: 550, enhanced: "5.1.1" },
      0,
    ],
    [
      "a message that is refused after it was read",
      { at: "data", code: 554, text: "5.7.1 looks like spam" },
      { kind: "refused", stage: "content", code: 554, enhanced: "5.7.1" },
      0,
    ],
    ["a connection that ends on RCPT", { at: "drop-on-rcpt" }, { kind: "unreachable" }, 0],
    ["a connection that ends after the last dot", { at: "drop-after-dot" }, { kind: "uncertain" }, 1],
  ];

  test.each(cases)("%s gives a result that says so", async (_name, fault, expected, taken) => {
    await start(() => fault, { pipelining });
    expect(await send()).toMatchObject(expected);
    expect(server.taken).toHaveLength(taken);
  });

  test("a refused recipient does not spoil the next message on the connection", async () => {
    await start((to) => (to.startsWith("gone") ? { at: "rcpt", code: 550, text: "5.1.1 no" } : null), {
      pipelining,
    });
    expect(await send("gone@example.com")).toMatchObject({ kind: "refused" });
    expect(await send("here@example.com")).toMatchObject({ kind: "accepted" });
    expect(server.taken.map((mail) => mail.to)).toEqual(["here@example.com"]);
  });
});

test("dots and line ends arrive as they were written", async () => {
  await start(() => null);
  await send();
  expect(server.taken[0]?.source.toString()).toBe(MESSAGE.toString());
});

test("silence after the last dot is uncertain, not a refusal", async () => {
  await start(() => ({ at: "slow", ms: 1_500 }), { mailer: { answerTimeoutMs: 300 } });
  expect(await send()).toMatchObject({ kind: "uncertain" });
});

test("a caller who says no before the body keeps the message from leaving", async () => {
  await start(() => null);
  const result = await mailer.send({ from: FROM, to: "reader@example.com" }, MESSAGE, {
    beforeBody: () => false,
  });
  expect(result).toEqual({ kind: "withheld" });
  expect(server.taken).toHaveLength(0);
  expect(await send()).toMatchObject({ kind: "accepted" });
});

test("a kept connection that the server has closed since is replaced without a word", async () => {
  await start(() => null);
  await send();
  server.hangUp();
  expect(await send()).toMatchObject({ kind: "accepted" });
});

test("nobody listening is unreachable", async () => {
  await start(() => null);
  await server.close();
  expect(await send()).toMatchObject({ kind: "unreachable" });
  server = await startTestServer();
});

test("a wrong password is a refusal of the login", async () => {
  server = await startTestServer({
    server: {
      authOptional: false,
      authMethods: ["PLAIN"],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) =>
        done(Object.assign(new Error("5.7.8 wrong password"), { responseCode: 535 })),
    },
  });
  mailer = createMailer(server.url.replace("smtp://", "smtp://me:wrong@"), { connections: 1 });
  expect(await send()).toMatchObject({ kind: "refused", stage: "login", code: 535 });
  await expect(mailer.verify()).rejects.toThrow("535");
});

test.each(["a@x.test,b@z.test", "a@x.test\r\nBcc: b@z.test", "a@evil.test(c)@x.test", "A <a@x.test>", ""])(
  "an envelope to %j is refused before anything is sent",
  async (to) => {
    await start(() => null);
    await expect(send(to)).rejects.toThrow(RangeError);
    expect(server.asked).toEqual([]);
  },
);

test("more messages than connections wait for their turn and all arrive", async () => {
  await start(() => null, { mailer: { connections: 3 } });
  const results = await Promise.all(Array.from({ length: 40 }, (_, index) => send(`r${index}@example.com`)));
  expect(results.every((result) => result.kind === "accepted")).toBe(true);
  expect(new Set(server.taken.map((mail) => mail.to)).size).toBe(40);
});
