import SMTPConnection from "nodemailer/lib/smtp-connection";
import { beforeEach, expect, test, vi } from "vitest";
import { prepareIssue } from "@/lib/deliveries/sending.fixture";
import * as environment from "@/lib/env";
import { returnPath } from "@/lib/mail/return-path";
import { useTestDatabase } from "@/prisma/test-database";
import { complaintReport } from "./corpus.fixture";
import { listenForReports } from "./listen";

const database = useTestDatabase({ emptyEachTime: true });
const bounceDomain = "bounce.example.com";

beforeEach(() => {
  vi.spyOn(environment, "getEnv").mockReturnValue({ ...environment.getEnv(), BOUNCE_DOMAIN: bounceDomain });
});

/** Hands one mail over, and rejects where it was refused. */
async function deliver(port: number, to: string, source: string, lmtp: boolean): Promise<void> {
  const connection = new SMTPConnection({ host: "127.0.0.1", port, ignoreTLS: true, lmtp });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once("error", reject);
      connection.connect(() => resolve());
    });
    await new Promise<void>((resolve, reject) => {
      connection.send({ from: "", to }, source, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    connection.close();
  }
}

test.each([
  [`postmaster@${bounceDomain}`, "smtp"],
  [`PostMaster@${bounceDomain.toUpperCase()}`, "smtp"],
  ["Postmaster", "smtp"],
  [`postmaster@${bounceDomain}`, "lmtp"],
] as const)(
  "mail to %s by %s is taken, and even a complaint that names a mail of ours counts as nothing there",
  async (to, protocol) => {
    await prepareIssue(database.db, { readers: 1 });
    await database.db.delivery.updateMany({ data: { state: "SENT", attempt: 1 } });
    const { id } = await database.db.delivery.findFirstOrThrow();
    const source = complaintReport({
      to,
      from: "loop@yahoo.example",
      type: "abuse",
      fields: [`Original-Mail-From: <${returnPath(id)}>`],
      original: ["text/rfc822-headers", "Subject: Gazette 4"],
    });
    const options = { port: 0, host: "127.0.0.1", protocol, bounceDomain };
    const listener = await listenForReports(database.db, options);
    await deliver(listener.port, to, source, protocol === "lmtp").finally(() => listener.close());
    expect(await database.db.bounce.count()).toBe(0);
  },
);
