/**
 * Speaks SMTP transactions (RFC 5321) over a connection that is set up already: MAIL, RCPT, DATA and the message, one
 * message at a time. With PIPELINING (RFC 2920) the three commands leave in one write. Made for thousands of messages a
 * second: a message is written as the bytes that it is, and a reply is looked at once. Never throws for what a server
 * does, and never tries anything twice.
 */
import type { Socket } from "node:net";

/** What the server said it can do, in upper case, such as PIPELINING and SIZE. */
export type SmtpExtensions = ReadonlySet<string>;

export type SmtpReply = { code: number; text: string };

export type TransactionResult =
  | { kind: "accepted"; reply: SmtpReply }
  | { kind: "refused"; stage: "sender" | "recipient" | "content"; reply: SmtpReply }
  /** The connection ended. `bodyBegun` tells whether the message may have been taken. */
  | { kind: "broken"; reason: string; bodyBegun: boolean }
  | { kind: "withheld" };

export type Transaction = {
  /** Plain addresses that were checked before. `from` "" is the null sender. */
  from: string;
  to: string;
  /** CRLF line ends throughout. */
  message: Buffer;
  /** Runs when the server asked for the message and before its first byte; false ends the connection instead. */
  beforeBody?: (() => boolean) | undefined;
};

type Waiting = { reply: (reply: SmtpReply) => void; broken: (reason: string) => void };

/** A reply this long is no reply. */
const LONGEST_REPLY = 65_536;

export class SmtpSession {
  private readonly socket: Socket;
  private readonly extensions: SmtpExtensions;
  private readonly onIdleEnd: () => void;
  private waiting: Waiting | null = null;
  /** Replies that came in one packet, before somebody asked for them. */
  private early: SmtpReply[] = [];
  private rest = "";
  private lines: string[] = [];
  private ended: string | null = null;

  /** Takes the socket over: whoever listened to it before hears no more. */
  constructor(
    socket: Socket,
    options: { extensions: SmtpExtensions; timeoutMs: number; onIdleEnd: () => void },
  ) {
    this.socket = socket;
    this.extensions = options.extensions;
    this.onIdleEnd = options.onIdleEnd;
    for (const event of ["data", "error", "close", "end", "timeout"]) socket.removeAllListeners(event);
    socket.setTimeout(options.timeoutMs);
    socket.on("data", (chunk: Buffer) => this.read(chunk));
    socket.on("timeout", () => this.end("the server did not answer in time"));
    socket.on("error", (error: Error) => this.end(error.message));
    socket.on("end", () => this.end("the server closed the connection"));
    socket.on("close", () => this.end("the connection closed"));
    socket.resume();
  }

  get usable(): boolean {
    return this.ended === null;
  }

  async transact(transaction: Transaction): Promise<TransactionResult> {
    const { from, to, message } = transaction;
    const size = this.extensions.has("SIZE") ? ` SIZE=${message.length}` : "";
    const mail = `MAIL FROM:<${from}>${size}\r\n`;
    const recipient = `RCPT TO:<${to}>\r\n`;
    try {
      const refused = this.extensions.has("PIPELINING")
        ? await this.openTogether(mail, recipient)
        : await this.openInTurn(mail, recipient);
      if (refused) return refused;
      // Asked for twice, it is given once. Whatever else came early would be taken for the answer to the message.
      this.early = this.early.filter((reply) => reply.code !== 354);
      this.requireStep();
    } catch (error) {
      this.destroy();
      return { kind: "broken", reason: wordsOf(error), bodyBegun: false };
    }
    if (transaction.beforeBody?.() === false) {
      this.destroy();
      return { kind: "withheld" };
    }
    try {
      this.writeMessage(message);
      const reply = await this.nextReply();
      return saysYes(reply) ? { kind: "accepted", reply } : { kind: "refused", stage: "content", reply };
    } catch (error) {
      this.destroy();
      return { kind: "broken", reason: wordsOf(error), bodyBegun: true };
    }
  }

  /** After a refusal the session is only sound when the server says so. */
  async reset(): Promise<boolean> {
    try {
      return (await this.ask("RSET\r\n")).code === 250;
    } catch {
      return false;
    }
  }

  /** Says goodbye and does not wait for the answer. */
  quit(): void {
    if (this.ended !== null) return;
    this.ended = "we closed the connection";
    this.socket.end("QUIT\r\n");
    this.socket.setTimeout(5_000, () => this.socket.destroy());
  }

  destroy(): void {
    this.ended ??= "we closed the connection";
    this.socket.destroy();
  }

  /** Null where the server waits for the message. */
  private async openInTurn(mail: string, recipient: string): Promise<TransactionResult | null> {
    const sender = await this.ask(mail);
    if (!saysYes(sender)) return { kind: "refused", stage: "sender", reply: sender };
    const receiver = await this.ask(recipient);
    if (!saysYes(receiver)) return { kind: "refused", stage: "recipient", reply: receiver };
    const data = await this.ask("DATA\r\n");
    return asksForMessage(data) ? null : { kind: "refused", stage: "content", reply: data };
  }

  private async openTogether(mail: string, recipient: string): Promise<TransactionResult | null> {
    const sender = await this.ask(`${mail}${recipient}DATA\r\n`);
    // After 421 the server hangs up, and the other answers never come.
    if (sender.code === 421) return { kind: "refused", stage: "sender", reply: sender };
    const receiver = await this.nextReply();
    if (saysYes(sender) && receiver.code === 421)
      return { kind: "refused", stage: "recipient", reply: receiver };
    const data = await this.nextReply();
    const refused: TransactionResult | null = !saysYes(sender)
      ? { kind: "refused", stage: "sender", reply: sender }
      : !saysYes(receiver)
        ? { kind: "refused", stage: "recipient", reply: receiver }
        : asksForMessage(data)
          ? null
          : { kind: "refused", stage: "content", reply: data };
    // RFC 2920 3.1: a server that asks for a message although nobody is to get it is given an empty one.
    if (refused && data.code === 354) await this.ask(".\r\n");
    return refused;
  }

  /** RFC 5321 4.5.2: a line that begins with a dot gets a second one. One system call, however many pieces. */
  private writeMessage(message: Buffer): void {
    const { socket } = this;
    socket.cork();
    let from = 0;
    if (message[0] === DOT) socket.write(".");
    for (let at = message.indexOf("\r\n."); at !== -1; at = message.indexOf("\r\n.", from)) {
      socket.write(message.subarray(from, at + 3));
      from = at + 2;
    }
    socket.write(from === 0 ? message : message.subarray(from));
    socket.write(message.length >= 2 && message[message.length - 1] === LF ? ".\r\n" : "\r\n.\r\n");
    socket.uncork();
  }

  private async ask(command: string): Promise<SmtpReply> {
    this.requireStep();
    this.socket.write(command, "latin1");
    return this.nextReply();
  }

  /** Throws where there is an answer to nothing: every later one would be taken for that of another question. */
  private requireStep(): void {
    if (this.early.length > 0 || this.lines.length > 0 || this.rest.trim() !== "")
      this.end("the server says more than it was asked");
    if (this.ended !== null) throw new Error(this.ended);
  }

  private nextReply(): Promise<SmtpReply> {
    const early = this.early.shift();
    if (early) return Promise.resolve(early);
    if (this.ended !== null) return Promise.reject(new Error(this.ended));
    return new Promise((resolve, reject) => {
      this.waiting = { reply: resolve, broken: (reason) => reject(new Error(reason)) };
    });
  }

  private read(chunk: Buffer): void {
    this.rest += chunk.toString("latin1");
    for (let at = this.rest.indexOf("\n"); at !== -1; at = this.rest.indexOf("\n")) {
      this.readLine(this.rest.slice(0, at).trimEnd());
      this.rest = this.rest.slice(at + 1);
    }
    if (this.rest.length > LONGEST_REPLY || this.lines.length > 100)
      this.end("the server's answer has no end");
  }

  private readLine(line: string): void {
    if (line === "" && this.lines.length === 0) return;
    this.lines.push(line);
    if (line[3] === "-") return;
    const text = this.lines.map((each, index) => (index === 0 ? each : each.slice(4))).join(" ");
    this.lines = [];
    const code = Number.parseInt(line.slice(0, 3), 10);
    if (/^\d{3}(?: |$)/.test(line)) this.take({ code, text });
    else this.end(`the server's answer is none: ${line.slice(0, 100)}`);
  }

  private take(reply: SmtpReply): void {
    const { waiting } = this;
    if (waiting) {
      this.waiting = null;
      waiting.reply(reply);
    } else {
      this.early.push(reply);
    }
    // Nothing was asked: the server ends a session that was idle for too long.
    if (reply.code === 421 && !waiting) this.end(reply.text);
  }

  private end(reason: string): void {
    if (this.ended !== null) return;
    this.ended = reason;
    const { waiting } = this;
    this.waiting = null;
    this.socket.destroy();
    if (waiting) waiting.broken(reason);
    else this.onIdleEnd();
  }
}

const DOT = 0x2e;
const LF = 0x0a;

/** Throws for what is neither: it answers something else, and nothing is known. */
function saysYes(reply: SmtpReply): boolean {
  if (reply.code >= 200 && reply.code < 300) return true;
  if (reply.code >= 400 && reply.code < 600) return false;
  throw outOfPlace(reply);
}

function asksForMessage(reply: SmtpReply): boolean {
  if (reply.code === 354) return true;
  if (saysYes(reply)) throw outOfPlace(reply);
  return false;
}

function outOfPlace(reply: SmtpReply): Error {
  return new Error(`the server's answer is out of place: ${reply.text}`);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
