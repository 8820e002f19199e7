import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { onTestFinished } from "vitest";
import { startMailbox } from "./server";

/** A running mailbox and a mail program connected to it, both gone after the test. */
export async function openMailbox(options: { dataFolder?: string; maxMessages?: number } = {}) {
  const mailbox = await startMailbox({ smtpPort: 0, webPort: 0, ...options });
  const transport = createTransport({
    url: mailbox.smtpUrl,
    pool: true,
    maxConnections: 8,
    maxMessages: 10_000,
  });
  onTestFinished(async () => {
    transport.close();
    await mailbox.close();
  });
  const send = (
    to: string | string[],
    subject = "Hello",
    body: { text?: string; html?: string } = { text: "Hi" },
  ) => transport.sendMail({ from: "Author <author@example.com>", to, subject, ...body });
  const get = (path: string) => fetch(mailbox.webUrl + path);
  return { ...mailbox, transport, send, get };
}

/** An empty folder that goes after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mailbox-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
