import { connect } from "node:net";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prepareIssue } from "@/lib/deliveries/sending.fixture";
import * as environment from "@/lib/env";
import { returnPath } from "@/lib/mail/return-path";
import { useTestDatabase } from "@/prisma/test-database";
import { freePort } from "@/sandbox/process/ports";
import { reportAddress, takeReports } from "./take-reports";

const database = useTestDatabase({ emptyEachTime: true });
const bounceDomain = "bounce.example.com";

let address: string;
let stop: AbortController;
let ended: Promise<void>;

beforeEach(async () => {
  await prepareIssue(database.db, { readers: 1 });
  await database.db.delivery.updateMany({ data: { state: "SENT", attempt: 1 } });
  const { id } = await database.db.delivery.findFirstOrThrow();
  const env = { ...environment.getEnv(), BOUNCE_DOMAIN: bounceDomain };
  vi.spyOn(environment, "getEnv").mockReturnValue(env);
  address = returnPath(id);
  stop = new AbortController();
  ended = Promise.resolve();
});

afterEach(async () => {
  stop.abort();
  await ended;
});

async function start(protocol: "smtp" | "lmtp" = "smtp"): Promise<number> {
  const port = await freePort();
  const options = { port, host: "127.0.0.1", protocol, bounceDomain };
  ended = takeReports(database.db, options, { signal: stop.signal, againMs: 20 });
  await expect.poll(() => answers(port)).toBe(true);
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket.end() !== undefined));
    socket.on("error", () => resolve(false));
  });
}

const REPORT = [
  "From: MAILER-DAEMON@mx.example.net",
  "MIME-Version: 1.0",
  'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
  "",
  "--b",
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns; mx.example.net",
  "",
  "Final-Recipient: rfc822; reader@example.net",
  "Action: failed",
  "Status: 5.1.1",
  "",
  "--b--",
  "",
].join("\r\n");

/** The answer's code to the first step that was refused, or to the whole message. */
async function deliver(port: number, to: string | string[], message = REPORT, lmtp = false): Promise<number> {
  const connection = new SMTPConnection({ host: "127.0.0.1", port, ignoreTLS: true, lmtp });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once("error", reject);
      connection.connect(() => resolve());
    });
    return await new Promise((resolve) => {
      connection.send({ from: "", to }, message, (error, info) => {
        const refused = error ?? info?.rejectedErrors?.[0];
        resolve(refused ? ((refused as { responseCode?: number }).responseCode ?? 0) : 250);
      });
    });
  } finally {
    connection.close();
  }
}

const kept = () => database.db.bounce.count();

test.each(["smtp", "lmtp"] as const)(
  "a report that comes by %s closes the address of its reader",
  async (protocol) => {
    const port = await start(protocol);
    expect(await deliver(port, address, REPORT, protocol === "lmtp")).toBe(250);
    expect(await database.db.subscriber.findFirstOrThrow()).toMatchObject({ status: "SUPPRESSED" });
  },
);

test("only addresses of our own making are taken, one at a time", async () => {
  const port = await start();
  for (const other of [
    "weekly@example.com",
    `b+1.aaaaaaaaaa@${bounceDomain}`,
    `hostmaster@${bounceDomain}`,
    "postmaster@example.com",
  ]) {
    expect([other, await deliver(port, other)]).toEqual([other, 550]);
  }
  expect(await kept()).toBe(0);
  expect(await deliver(port, [address, `complaints@${bounceDomain}`])).toBe(452);
});

test("a report that is far too large is refused", async () => {
  const port = await start();
  expect(await deliver(port, address, `${REPORT}${`${"x".repeat(70)}\r\n`.repeat(40_000)}`)).toBe(552);
  expect(await kept()).toBe(0);
});

test("mail that is no report is taken and changes nothing", async () => {
  const port = await start();
  expect(
    await deliver(
      port,
      address,
      "Subject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\n550 5.1.1\r\n",
    ),
  ).toBe(250);
  expect(await deliver(port, address, "\r\n")).toBe(250);
  expect(await kept()).toBe(0);
});

test("while the database is away the sender is asked to come again", async () => {
  const port = await start();
  vi.spyOn(database.db, "$queryRaw").mockRejectedValue(new Error("away"));
  expect(await deliver(port, address)).toBe(451);
});

test("a second worker takes over when the first ends", async () => {
  const port = await start();
  const second = new AbortController();
  const options = { port, host: "127.0.0.1", protocol: "smtp" as const, bounceDomain };
  const secondEnded = takeReports(database.db, options, { signal: second.signal, againMs: 20 });
  stop.abort();
  await ended;
  await expect.poll(() => deliver(port, address).catch(() => 0)).toBe(250);
  second.abort();
  await secondEnded;
  expect(await answers(port)).toBe(false);
});

test("without a port or a domain nothing listens", async () => {
  const env = { BOUNCE_HOST: "127.0.0.1", BOUNCE_PROTOCOL: "smtp" as const };
  expect(reportAddress({ ...env, BOUNCE_PORT: 2525 })).toBeNull();
  expect(reportAddress({ ...env, BOUNCE_DOMAIN: bounceDomain })).toBeNull();
  await takeReports(database.db, null, { signal: stop.signal });
});
