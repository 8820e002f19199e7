/** A mail server for tests: takes everything, keeps it, and misbehaves where it is told to. */
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export type TakenMail = { to: string; from: string; source: Buffer; at: number };

/** What becomes of a message to this recipient. */
export type Fault =
  | { at: "rcpt" | "data"; code: number; text: string }
  | { at: "drop-on-rcpt" }
  /** The message is taken, and the connection ends before the answer. */
  | { at: "drop-after-dot" }
  | { at: "slow"; ms: number };

export type TestServer = {
  url: string;
  taken: TakenMail[];
  /** When each MAIL FROM came. */
  begun: number[];
  /** Mails that were asked for by RCPT, taken or not, in order. */
  asked: string[];
  /** Ends every connection at once. */
  hangUp(): void;
  close(): Promise<void>;
};

/** For `server` of the options: takes nobody's login. */
export const REFUSES_LOGINS: SMTPServerOptions = {
  authOptional: false,
  authMethods: ["PLAIN"],
  allowInsecureAuth: true,
  onAuth: (_auth, _session, done) => done(refusal(535, "5.7.8 wrong password")),
};

export async function startTestServer(
  options: {
    fault?: (to: string, time: number) => Fault | null;
    pipelining?: boolean;
    /** What comes of MAIL FROM, by how many there were: a refusal, or no answer and then the end of the connection. */
    senderFault?: (time: number) => { code: number; text: string } | { hangUpAfterMs: number } | null;
    /** Any free one unless told. */
    port?: number;
    server?: SMTPServerOptions;
  } = {},
): Promise<TestServer> {
  const taken: TakenMail[] = [];
  const asked: string[] = [];
  const begun: number[] = [];
  const times = new Map<string, number>();
  const faultOf = (to: string) => options.fault?.(to, times.get(to) ?? 1) ?? null;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    hidePIPELINING: options.pipelining === false,
    logger: false,
    onMailFrom(_address, session, done) {
      begun.push(Date.now());
      const fault = options.senderFault?.(begun.length);
      if (fault && "hangUpAfterMs" in fault) setTimeout(() => hangUp(session.id), fault.hangUpAfterMs);
      else done(fault ? refusal(fault.code, fault.text) : null);
    },
    onRcptTo({ address }, session, done) {
      asked.push(address);
      times.set(address, (times.get(address) ?? 0) + 1);
      const fault = faultOf(address);
      if (fault?.at === "drop-on-rcpt") return hangUp(session.id);
      if (fault?.at === "rcpt") return done(refusal(fault.code, fault.text));
      done();
    },
    async onData(stream, session, done) {
      const source = await readWhole(stream);
      if (source === null) return;
      const to = session.envelope.rcptTo[0]?.address ?? "";
      const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
      const fault = faultOf(to);
      if (fault?.at === "data") return done(refusal(fault.code, fault.text));
      if (fault?.at === "slow") await new Promise((resolve) => setTimeout(resolve, fault.ms));
      taken.push({ to, from, source, at: Date.now() });
      if (fault?.at === "drop-after-dot") return hangUp(session.id);
      done(null, "queued as 1234");
    },
    ...options.server,
  });
  // Connections that a killed worker leaves behind end in errors that are no failure of a test.
  server.on("error", () => undefined);
  const hangUp = (sessionId?: string) => {
    for (const connection of server.connections as Set<{ id: string; _socket: { destroy(): void } }>) {
      if (sessionId === undefined || connection.id === sessionId) connection._socket.destroy();
    }
  };
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    taken,
    begun,
    asked,
    hangUp: () => hangUp(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        hangUp();
      }),
  };
}

function refusal(code: number, text: string): Error & { responseCode: number } {
  return Object.assign(new Error(text), { responseCode: code });
}

/** Null where the sender was gone before the message had ended. */
async function readWhole(stream: AsyncIterable<Buffer>): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch {
    return null;
  }
}
