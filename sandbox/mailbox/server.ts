import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Doorkeeper } from "./faults";
import { listenForMail } from "./receive";
import { serveMailbox } from "./serve";
import { MessageStore } from "./store";

const DEFAULT_MAX_MESSAGES = 20_000;
const SEGMENT_BYTES = 64 * 1024 * 1024;

export type Mailbox = {
  smtpPort: number;
  webPort: number;
  smtpUrl: string;
  webUrl: string;
  close(): Promise<void>;
};

/**
 * Starts a mail server that keeps everything: SMTP in, a web page and JSON out, both on the loopback address only.
 * Port 0 takes a free one. With `dataFolder` messages outlive the process, without it they go when it closes; the
 * newest `maxMessages` (20,000) are kept. Rejects where a port is taken or the folder cannot be written, leaving
 * nothing open. `close` may be called twice.
 */
export async function startMailbox(options: {
  smtpPort: number;
  webPort: number;
  dataFolder?: string;
  maxMessages?: number;
}): Promise<Mailbox> {
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const folder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), "masthead-mailbox-")));
    if (options.dataFolder === undefined) opened.push(() => rm(folder, { recursive: true, force: true }));
    const maxMessages = options.maxMessages ?? DEFAULT_MAX_MESSAGES;
    const store = await MessageStore.open(folder, { maxMessages, segmentBytes: SEGMENT_BYTES });
    opened.push(() => store.close());
    const doorkeeper = new Doorkeeper();
    const smtp = await listenForMail(options.smtpPort, store, doorkeeper, () => new Date());
    opened.push(smtp.close);
    const smtpUrl = `smtp://127.0.0.1:${smtp.port}`;
    const web = await serveMailbox(options.webPort, { store, doorkeeper, smtpUrl });
    opened.push(web.close);
    const webUrl = `http://127.0.0.1:${web.port}`;
    return { smtpPort: smtp.port, webPort: web.port, smtpUrl, webUrl, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
