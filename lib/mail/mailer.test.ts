import { createServer, type Server, Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { makeCertificate } from "@/lib/deliveries/bounces/webhooks/certificate.fixture";
import { createMailer, type Mailer, type MailerOptions, type SendResult } from "./mailer";
import { type Fault, REFUSES_LOGINS, startTestServer, type TestServer } from "./smtp.fixture";

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

  test("of a server's words nothing is kept that the ledger could not hold", async () => {
    await start(() => ({ at: "rcpt", code: 550, text: "5.1.1 no\u0000such\u0007\u001buser" }), {
      pipelining,
    });
    expect(await send()).toMatchObject({
      kind: "refused",
      reply: expect.stringMatching(/5\.1\.1 no such user$/),
    });
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
  server = await startTestServer({ server: REFUSES_LOGINS });
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

describe("a server that cannot be trusted with a password hears none, and no message either", () => {
  let raw: Server | null = null;
  const sockets: Socket[] = [];
  const heard: string[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    heard.length = 0;
    const listening = raw;
    raw = null;
    if (listening) await new Promise((resolve) => listening.close(resolve));
  });

  /** Speaks SMTP in clear, takes whatever comes, and keeps each line; `answer` null ends the connection. */
  async function startRaw(extensions: string[], answer: (line: string) => string | null): Promise<string> {
    // What the other tests close after themselves.
    server = await startTestServer();
    const greeting = ["250-raw.test", ...extensions.map((name) => `250-${name}`), "250 SIZE 1000000"];
    raw = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
      socket.write("220 raw.test ESMTP\r\n");
      let rest = "";
      socket.on("data", (chunk) => {
        const lines = (rest + chunk.toString("latin1")).split("\r\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          heard.push(line);
          const reply = line.startsWith("EHLO") ? greeting.join("\r\n") : answer(line);
          if (reply === null) return socket.destroy();
          socket.write(`${reply}\r\n`);
        }
      });
    });
    const listening = raw;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const address = listening.address();
    if (address === null || typeof address === "string") throw new Error("The system gave no port.");
    return `127.0.0.1:${address.port}`;
  }

  const takeAll = (line: string) => {
    if (line.startsWith("AUTH")) return "235 2.7.0 welcome";
    return line === "DATA" ? "354 go on" : "250 2.0.0 fine";
  };
  const verbs = () => heard.map((line) => line.split(" ", 1)[0]);

  test("where TLS is required and the server does not know STARTTLS", async () => {
    const place = await startRaw(["AUTH PLAIN LOGIN"], (line) =>
      line === "STARTTLS" ? "502 5.5.1 not known here" : takeAll(line),
    );
    mailer = createMailer(`smtp://me:secret@${place}?tls=required`, { connections: 1 });
    expect(await send()).toMatchObject({ kind: expect.stringMatching(/^(refused|unreachable)$/) });
    expect(heard.length).toBeGreaterThan(0);
    expect(verbs()).not.toContain("AUTH");
    expect(verbs()).not.toContain("MAIL");
  });

  test("where the handshake is cut after the server agreed to STARTTLS", async () => {
    let agreed = false;
    const place = await startRaw(["STARTTLS", "AUTH PLAIN LOGIN"], (line) => {
      if (agreed) return null;
      if (line !== "STARTTLS") return takeAll(line);
      agreed = true;
      setImmediate(() => {
        for (const socket of sockets) socket.destroy();
      });
      return "220 2.0.0 go ahead";
    });
    mailer = createMailer(`smtp://me:secret@${place}?tls=required`, { connections: 1 });
    expect(await send()).toMatchObject({ kind: "unreachable" });
    expect(verbs()).toContain("STARTTLS");
    expect(verbs()).not.toContain("AUTH");
    expect(verbs()).not.toContain("MAIL");
  });

  test.each([true, false])(
    "where the certificate is signed by itself (TLS from the first byte: %s)",
    async (secure) => {
      const certificate = makeCertificate(new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000));
      const commands: string[] = [];
      server = await startTestServer({
        server: {
          secure,
          disabledCommands: [],
          cert: certificate.pem,
          key: certificate.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
          allowInsecureAuth: true,
          onAuth(_auth, _session, done) {
            commands.push("AUTH");
            done(null, { user: "me" });
          },
          onMailFrom(_address, _session, done) {
            commands.push("MAIL");
            done();
          },
        },
      });
      const place = server.url.replace("smtp://", "");
      mailer = createMailer(
        secure ? `smtps://me:secret@${place}` : `smtp://me:secret@${place}?tls=required`,
        {
          connections: 1,
        },
      );
      expect(await send()).toMatchObject({
        kind: "unreachable",
        reason: expect.stringMatching(/self.signed/),
      });
      expect(commands).toEqual([]);
      expect(server.taken).toEqual([]);
    },
  );
});

test("unless told otherwise a server has the ten minutes for its answer that RFC 5321 gives it", async () => {
  const patience = vi.spyOn(Socket.prototype, "setTimeout");
  await start(() => null);
  expect(await send()).toMatchObject({ kind: "accepted" });
  // The server's sockets live in this process, too: ours are those that lead to its port.
  const port = Number(new URL(server.url).port);
  const sockets = patience.mock.contexts as unknown[] as Socket[];
  const ours = patience.mock.calls.filter((_, index) => sockets[index]?.remotePort === port);
  expect(ours.at(-1)?.[0]).toBeGreaterThanOrEqual(600_000);
});
