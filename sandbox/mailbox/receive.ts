import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { type Doorkeeper, faultOf, Refusal } from "./faults";
import { summarizeHeader } from "./header";
import { log } from "./log";
import type { MessageStore } from "./store";

const LARGEST_MESSAGE = 25 * 1024 * 1024;
const SLOW_ANSWER_MS = 2_000;
const IDLE_MS = 5 * 60_000;

function readMessage(stream: SMTPServerDataStream): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    stream.on("data", (chunk: Buffer) => {
      // An oversized message is read to its end, as the protocol demands, but not kept.
      if (stream.sizeExceeded) chunks.length = 0;
      else chunks.push(chunk);
    });
    stream.on("end", () => resolve(stream.sizeExceeded ? null : Buffer.concat(chunks)));
    stream.on("error", reject);
    stream.on("close", () => reject(new Error("The connection ended in the middle of a message")));
  });
}

function sender(session: SMTPServerSession): string {
  return session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
}

/**
 * Takes mail over SMTP on the loopback address: any sender, any password, up to 25 MB, no TLS. A message is answered
 * with 250 only after it was recorded. Addresses of `faults.ts` misbehave as they promise.
 */
export async function listenForMail(
  port: number,
  store: MessageStore,
  doorkeeper: Doorkeeper,
  now: () => Date,
): Promise<{ port: number; close(): Promise<void> }> {
  async function accept(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string | null> {
    const { rcptTo } = session.envelope;
    const to = rcptTo.map(({ address }) => address);
    const from = sender(session);
    const source = await readMessage(stream);
    if (!source) throw new Refusal(552, "5.3.4 Message is larger than 25 MB");
    const recorded = await store
      .append({ from, to, ...summarizeHeader(source), receivedAt: now().toISOString() }, source)
      .catch((error: unknown) => {
        log.error({ event: "mailbox.write_failed", err: error }, "message not recorded");
        throw new Refusal(452, "4.3.1 The mailbox cannot write to its disk");
      });
    const faults = new Set(to.map(faultOf));
    if (faults.has("drop")) return null;
    if (faults.has("slow")) await sleep(SLOW_ANSWER_MS, undefined, { ref: false });
    return `2.0.0 Recorded as ${recorded.id}`;
  }

  const server = new SMTPServer({
    name: "mailbox.localhost",
    banner: "Masthead mailbox",
    size: LARGEST_MESSAGE,
    authOptional: true,
    allowInsecureAuth: true,
    // An offer of TLS with a certificate that nobody trusts would only keep clients away.
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    maxAllowedUnauthenticatedCommands: Number.MAX_SAFE_INTEGER,
    socketTimeout: IDLE_MS,
    closeTimeout: 1_000,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? "anybody" }),
    onRcptTo: ({ address }, session, done) => done(doorkeeper.refuse(sender(session), address)),
    onData(stream, session, done) {
      accept(stream, session).then(
        (answer) => {
          if (answer) return done(null, answer);
          for (const connection of server.connections) {
            if (connection.session === session) connection.close();
          }
        },
        (error: unknown) => {
          if (!(error instanceof Refusal))
            log.warn({ event: "mailbox.receive_failed", err: error }, "not received");
          done(error instanceof Error ? error : new Error(String(error)));
        },
      );
    },
  });
  let open = false;
  server.on("error", (error) => {
    // A client that was killed is worth a line, not the end of the process; a port in use is the caller's to tell.
    if (open) log.warn({ event: "mailbox.connection_failed", err: error }, "SMTP trouble");
  });
  const listener = server.listen(port, "127.0.0.1");
  await once(listener, "listening");
  open = true;
  return {
    port: (listener.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
