import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareBody, writeMessage } from "@/lib/mail/mime";
import { slot } from "@/lib/mail/personalise";
import { hashOf, maskedHash } from "./masked";
import { readBodies, readObserverLog } from "./observer-log";
import { connectSmtp } from "./smtp-client.fixture";
import { type Observer, startObserver } from "./start-observer";

let folder: string;
let observer: Observer;
let seen = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "masthead-observer-"));
  observer = await startObserver({ record: { log: join(folder, "log"), bodies: join(folder, "bodies") } });
});
afterAll(async () => {
  await observer.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ENVELOPE = (to: string) => `MAIL FROM:<a@b.test>\r\nRCPT TO:<${to}>\r\nDATA\r\n`;

/** What it wrote down since the last call. */
async function newBodies() {
  await observer.counts();
  const { bodies } = readObserverLog(join(folder, "log"));
  const fresh = bodies.slice(seen);
  seen = bodies.length;
  return fresh;
}

test("writes down each whole body, however it was cut on the way, without the stuffed dots", async () => {
  const message = "Message-ID: <1@b.test>\r\n\r\n.one\r\n..two\r\nthree.\r\n";
  const stuffed = message.replaceAll(/^\./gm, "..");
  const client = await connectSmtp(observer.port);
  expect(
    (await client.say(`EHLO x\r\n${ENVELOPE("whole@x.test")}`, 4)).map((line) => line.slice(0, 3)),
  ).toEqual(["250", "250", "250", "354"]);
  expect(await client.say(`${stuffed}.\r\n`, 1)).toEqual(["250 2.0.0 taken"]);
  await client.say(ENVELOPE("slow@x.test"), 3);
  for (const octet of `${stuffed}.\r`) await new Promise((done) => client.socket.write(octet, done));
  expect(await client.say("\nQUIT\r\n", 2)).toEqual(["250 2.0.0 taken", "221 2.0.0 until then"]);
  const bodies = await newBodies();
  expect(bodies.map(({ to, messageId, whole, taken }) => ({ to, messageId, whole, taken }))).toEqual(
    ["whole@x.test", "slow@x.test"].map((to) => ({
      to,
      messageId: "<1@b.test>",
      whole: hashOf(message),
      taken: true,
    })),
  );
  const kept = [...readBodies(join(folder, "bodies"), bodies)];
  expect(kept.map(([, content]) => content.toString())).toEqual([message, message]);
});

test("a body without its last dot was never received", async () => {
  const client = await connectSmtp(observer.port);
  await client.say(ENVELOPE("half@x.test"), 3);
  await new Promise((done) => client.socket.end("Subject: half\r\n\r\nnot all of it", () => done(null)));
  await client.say("", 1);
  expect(await newBodies()).toEqual([]);
});

test("masks the reader's values and nothing else", () => {
  const body = (text: string) =>
    prepareBody({
      text: `${text}\n-----\n${slot("statusLine")}\n${slot("unsubscribeUrl")}`,
      html: `<p>${slot("statusLine")}</p><a href="${slot("unsubscribeUrl")}">leave</a>`,
      seed: "s",
    });
  const mail = (token: string, statusLine: string, text = "Words") =>
    writeMessage([["To", `${token}@x.test`]], body(text), {
      unsubscribeUrl: `https://x.test/unsubscribe?token=${token}`,
      statusLine,
    });
  const one = mail("QUJD.x-y_z", "You are a free subscriber of It’s News.");
  const two = mail(
    "T".repeat(90),
    "You are a member of It’s News until 3 May 2027. Nothing will be charged.",
  );
  expect(maskedHash(two)).toBe(maskedHash(one));
  expect(hashOf(two)).not.toBe(hashOf(one));
  expect(maskedHash(mail("QUJD.x-y_z", "You are a free subscriber of It’s News.", "Other"))).not.toBe(
    maskedHash(one),
  );
});

const CASES = [
  { name: "close on MAIL", faults: { closeOnMail: 1 }, answers: [], bodies: [] },
  { name: "close on DATA", faults: { closeOnData: 1 }, answers: ["250", "250"], bodies: [] },
  {
    name: "close after the dot",
    faults: { closeAfterDot: 1 },
    answers: ["250", "250", "354"],
    bodies: [true],
  },
  {
    name: "421 after the dot",
    faults: { busyAfterDot: 1 },
    answers: ["250", "250", "354", "421"],
    bodies: [false],
  },
  {
    name: "451 after the dot",
    faults: { laterAfterDot: 1 },
    answers: ["250", "250", "354", "451"],
    bodies: [false],
  },
  { name: "unknown address", faults: { unknownAddresses: 1 }, answers: ["250", "550", "554"], bodies: [] },
  { name: "refusal of us", faults: { policy: true }, answers: ["250", "550", "554"], bodies: [] },
  { name: "greylisting", faults: { greylist: true }, answers: ["250", "450", "554"], bodies: [] },
  { name: "too many a second", faults: { perSecond: 0.5 }, answers: ["421"], bodies: [] },
];

test.each(CASES)("misbehaves as told: $name", async ({ name, faults, answers, bodies }) => {
  await observer.setFaults(faults);
  const client = await connectSmtp(observer.port);
  const envelope = await client.say(ENVELOPE(`${name.replaceAll(" ", "-")}@x.test`), 3);
  const rest = envelope.at(-1)?.startsWith("354") ? await client.say("Subject: x\r\n\r\nx\r\n.\r\n", 1) : [];
  expect([...envelope, ...rest].map((line) => line.slice(0, 3))).toEqual(answers);
  expect((await newBodies()).map((body) => body.taken)).toEqual(bodies);
  client.socket.destroy();
});

test.each([
  ["taken", "235"],
  ["refused", "535"],
] as const)("a login is %s", async (login, code) => {
  await observer.setFaults({ login });
  const client = await connectSmtp(observer.port);
  const answers = await client.say("EHLO x\r\nAUTH PLAIN AHJpZwBwYXNzd29yZA==\r\n", 2);
  expect(answers[1]?.slice(0, 3)).toBe(code);
  client.socket.destroy();
});

test("takes a greylisted sender and recipient the second time, and its port can be shut for a while", async () => {
  await observer.setFaults({ greylist: true });
  const client = await connectSmtp(observer.port);
  expect((await client.say("MAIL FROM:<a@b.test>\r\nRCPT TO:<grey@x.test>\r\n", 2))[1]).toMatch(/^450/);
  expect((await client.say("RCPT TO:<grey@x.test>\r\n", 1))[0]).toMatch(/^250/);
  await observer.block();
  await expect(connectSmtp(observer.port)).rejects.toThrow("ECONNREFUSED");
  await observer.unblock();
  await expect(connectSmtp(observer.port)).resolves.toMatchObject({ isOver: false });
});
