import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { SmtpSession } from "./smtp-session";

/** A server that says what it is told to, whatever it hears: for answers that no honest one gives. */

let server: Server;
let client: Socket;

afterEach(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

type Heard = { text: string };

async function openSession(
  script: (socket: Socket, heard: Heard) => void,
  options: { extensions?: string[]; onIdleEnd?: () => void } = {},
) {
  const heard: Heard = { text: "" };
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      heard.text += chunk.toString("latin1");
      script(socket, heard);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  client = connect(typeof address === "object" && address ? address.port : 0, "127.0.0.1");
  await once(client, "connect");
  const session = new SmtpSession(client, {
    extensions: new Set(options.extensions ?? ["PIPELINING", "SIZE"]),
    timeoutMs: 2_000,
    onIdleEnd: options.onIdleEnd ?? (() => undefined),
  });
  return { session, heard };
}

const MAIL = { from: "weekly@example.com", to: "reader@example.net" };
const message = (text: string) => Buffer.from(text, "latin1");
const saysOnce = (answers: Record<string, string>) => {
  const said = new Set<string>();
  return (socket: Socket, heard: Heard) => {
    for (const [after, answer] of Object.entries(answers)) {
      if (heard.text.includes(after) && !said.has(after)) {
        said.add(after);
        socket.write(answer);
      }
    }
  };
};

test.each([
  ["no dot", "Subject: x\r\n\r\nHello\r\n", "Subject: x\r\n\r\nHello\r\n.\r\n"],
  ["a dot alone", "S: x\r\n\r\n.\r\n", "S: x\r\n\r\n..\r\n.\r\n"],
  [
    "dots at the beginning of lines",
    "S: x\r\n\r\n.a\r\n..b\r\nc.d\r\n",
    "S: x\r\n\r\n..a\r\n...b\r\nc.d\r\n.\r\n",
  ],
  ["a dot as the very first byte", ".x\r\n", "..x\r\n.\r\n"],
  ["no line end", "S: x\r\n\r\nHello", "S: x\r\n\r\nHello\r\n.\r\n"],
  ["several dots in a row of lines", "\r\n.\r\n.\r\n.", "\r\n..\r\n..\r\n..\r\n.\r\n"],
])("a message with %s arrives as it is (RFC 5321 4.5.2)", async (_name, sent, onTheWire) => {
  const { session, heard } = await openSession(
    saysOnce({ "DATA\r\n": "250 a\r\n250 b\r\n354 go\r\n", "\r\n.\r\n": "250 taken\r\n" }),
  );
  expect(await session.transact({ ...MAIL, message: message(sent) })).toMatchObject({ kind: "accepted" });
  const size = Buffer.byteLength(sent);
  expect(heard.text).toBe(
    `MAIL FROM:<weekly@example.com> SIZE=${size}\r\nRCPT TO:<reader@example.net>\r\nDATA\r\n${onTheWire}`,
  );
});

test("answers that come in pieces, and in several lines, are whole answers", async () => {
  const { session } = await openSession((socket, heard) => {
    if (heard.text.endsWith("DATA\r\n")) void drip(socket, "250-first\r\n250 second\r\n250 ok\r\n354 go\r\n");
    if (heard.text.endsWith("\r\n.\r\n")) void drip(socket, "250-2.0.0 queued\r\n250 2.0.0 as 17\r\n");
  });
  const result = await session.transact({ ...MAIL, message: message("x\r\n") });
  expect(result).toEqual({ kind: "accepted", reply: { code: 250, text: "250-2.0.0 queued 2.0.0 as 17" } });
});

async function drip(socket: Socket, text: string): Promise<void> {
  for (const letter of text) {
    socket.write(letter);
    await sleep(1);
  }
}

test("a server that wants the message although it refused the reader is given an empty one (RFC 2920 3.1)", async () => {
  const { session, heard } = await openSession(
    saysOnce({
      "DATA\r\n": "250 ok\r\n550 5.1.1 nobody\r\n354 go\r\n",
      "DATA\r\n.\r\n": "554 nobody to give it to\r\n",
    }),
  );
  const before = vi.fn(() => true);
  const result = await session.transact({ ...MAIL, message: message("secret\r\n"), beforeBody: before });
  expect(result).toMatchObject({ kind: "refused", stage: "recipient", reply: { code: 550 } });
  expect(before).not.toHaveBeenCalled();
  expect(heard.text).not.toContain("secret");
  expect(session.usable).toBe(true);
});

test.each([
  ["the sender", "553 no\r\n503 wait\r\n503 wait\r\n", "sender"],
  ["the message", "250 ok\r\n250 ok\r\n452 too much\r\n", "content"],
])("a refusal of %s is that, and the answers after it are read too", async (_name, answers, stage) => {
  const { session } = await openSession(saysOnce({ "DATA\r\n": answers, "RSET\r\n": "250 ok\r\n" }));
  expect(await session.transact({ ...MAIL, message: message("x\r\n") })).toMatchObject({
    kind: "refused",
    stage,
  });
  expect(await session.reset()).toBe(true);
});

test("without PIPELINING nothing is said before the answer to what was said", async () => {
  const { session, heard } = await openSession(saysOnce({ "MAIL FROM": "550 5.7.1 not you\r\n" }), {
    extensions: [],
  });
  expect(await session.transact({ ...MAIL, message: message("x\r\n") })).toMatchObject({ stage: "sender" });
  expect(heard.text).toBe("MAIL FROM:<weekly@example.com>\r\n");
});

test.each([
  ["garbage instead of an answer", "hello?\r\n", false],
  ["an answer without an end", `250-${"x".repeat(70_000)}`, false],
])("%s ends the session before anything was sent", async (_name, answer, bodyBegun) => {
  const { session } = await openSession(saysOnce({ "DATA\r\n": answer }));
  expect(await session.transact({ ...MAIL, message: message("x\r\n") })).toMatchObject({
    kind: "broken",
    bodyBegun,
  });
  expect(session.usable).toBe(false);
});

const PIPELINED = ["PIPELINING"];
const IN_TURN: string[] = [];
const OPENED = {
  "MAIL FROM": "250 a\r\n",
  "RCPT TO": "250 b\r\n",
};

test.each([
  ["more than one answer to DATA", IN_TURN, { ...OPENED, "DATA\r\n": "354 go\r\n250 ok\r\n" }],
  ["a refusal after the yes to DATA", IN_TURN, { ...OPENED, "DATA\r\n": "354 go\r\n550 no\r\n" }],
  ["half an answer after the yes to DATA", IN_TURN, { ...OPENED, "DATA\r\n": "354 go\r\n25" }],
  ["four answers to three questions", PIPELINED, { "DATA\r\n": "250 a\r\n250 b\r\n354 go\r\n250 c\r\n" }],
  ["a yes to DATA that is none", IN_TURN, { ...OPENED, "DATA\r\n": "250 ok\r\n" }],
  ["a yes to DATA that is none, asked together", PIPELINED, { "DATA\r\n": "250 a\r\n250 b\r\n250 c\r\n" }],
  ["neither yes nor no to the reader", IN_TURN, { ...OPENED, "RCPT TO": "354 go\r\n" }],
  ["two answers to the sender", IN_TURN, { "MAIL FROM": "250 a\r\n250 b\r\n" }],
])("%s: nobody knows what the server means, and nothing is sent", async (_name, extensions, answers) => {
  const { session, heard } = await openSession(saysOnce(answers), { extensions });
  const beforeBody = vi.fn(() => true);
  const result = await session.transact({ ...MAIL, message: message("secret\r\n"), beforeBody });
  expect(result).toMatchObject({ kind: "broken", bodyBegun: false });
  expect(beforeBody).not.toHaveBeenCalled();
  expect(heard.text).not.toContain("secret");
  expect(session.usable).toBe(false);
});

test.each([
  ["asks for the message again", "354 go\r\n"],
  ["tells something of its own", "199 busy\r\n"],
  ["says a number that no answer has", "600 ok\r\n"],
])("a server that has the message and %s may have taken it", async (_name, answer) => {
  const { session } = await openSession(
    saysOnce({ "DATA\r\n": "250 a\r\n250 b\r\n354 go\r\n", "\r\n.\r\n": answer }),
  );
  const result = await session.transact({ ...MAIL, message: message("x\r\n") });
  expect(result).toMatchObject({ kind: "broken", bodyBegun: true });
  expect(session.usable).toBe(false);
});

test("a server that asks for the message twice at once is given it once, and its answer counts", async () => {
  const { session } = await openSession(
    saysOnce({ ...OPENED, "DATA\r\n": "354 go\r\n354 go\r\n", "\r\n.\r\n": "250 taken\r\n" }),
    { extensions: IN_TURN },
  );
  const result = await session.transact({ ...MAIL, message: message("x\r\n") });
  expect(result).toEqual({ kind: "accepted", reply: { code: 250, text: "250 taken" } });
});

test("an answer to nothing is not taken for that to the next message", async () => {
  const { session, heard } = await openSession(
    saysOnce({
      "DATA\r\n": "250 a\r\n250 b\r\n354 go\r\n",
      "\r\n.\r\n": "250 taken\r\n250 taken\r\n",
    }),
  );
  expect(await session.transact({ ...MAIL, message: message("x\r\n") })).toMatchObject({ kind: "accepted" });
  const heardBefore = heard.text;
  expect(await session.transact({ ...MAIL, message: message("x\r\n") })).toMatchObject({
    kind: "broken",
    bodyBegun: false,
  });
  expect(heard.text).toBe(heardBefore);
});

test("a connection that ends within the message may have brought it", async () => {
  const { session } = await openSession((socket, heard) => {
    if (heard.text.endsWith("DATA\r\n")) socket.write("250 a\r\n250 b\r\n354 go\r\n");
    else if (heard.text.includes("DATA\r\n")) socket.destroy();
  });
  const result = await session.transact({
    ...MAIL,
    message: message(`${"x".repeat(70)}\r\n`.repeat(20_000)),
  });
  expect(result).toMatchObject({ kind: "broken", bodyBegun: true });
});

test("a server that says goodbye while nothing is asked ends the session, and whoever holds it hears", async () => {
  const onIdleEnd = vi.fn();
  const { session } = await openSession(
    saysOnce({
      "DATA\r\n": "250 a\r\n250 b\r\n354 go\r\n",
      "\r\n.\r\n": "250 taken\r\n421 4.4.2 idle too long\r\n",
    }),
    { onIdleEnd },
  );
  expect(await session.transact({ ...MAIL, message: message("x\r\n") })).toMatchObject({ kind: "accepted" });
  await vi.waitFor(() => expect(session.usable).toBe(false));
  expect(onIdleEnd).toHaveBeenCalledOnce();
  expect(await session.transact({ ...MAIL, message: message("x\r\n") })).toMatchObject({
    kind: "broken",
    bodyBegun: false,
  });
});
