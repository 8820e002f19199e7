/**
 * Hands one message at a time to the mail server, over a fixed number of kept connections. The only file that knows
 * Nodemailer. Never tries a message again by itself except where the server had said no word about it, and never
 * throws for what a server does: the answer says what is known, and `uncertain` where nobody can know (RFC 1047).
 */
import { performance } from "node:perf_hooks";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { maskPersonalText } from "@/lib/log";
import { SmtpSession, type TransactionResult } from "./smtp-session";
import { readSmtpUrl, type SmtpServer } from "./smtp-url";

/** `from` null is the null sender; `to` is exactly one address that `parseAddress` passed. */
export type Envelope = { from: string; to: string };

export type SendResult =
  /** The server took the message and answers for it. */
  | { kind: "accepted"; reply: string }
  /** The server answered, and the message was not taken: nothing was sent. */
  | { kind: "refused"; stage: RefusalStage; code: number; enhanced: string | null; reply: string }
  /** Nothing was sent: no connection, or it broke before the message's first byte. */
  | { kind: "unreachable"; reason: string }
  /** The caller's `mayBegin` said no: the server heard nothing of the message. */
  | { kind: "not-begun" }
  /** The caller's `beforeBody` said no, and nothing was sent. */
  | { kind: "withheld" }
  /** The message was on its way when the connection broke: it may have been taken. */
  | { kind: "uncertain"; reason: string };

/** What the server refused: us (login, connection, sender) or this message (recipient, content). */
export type RefusalStage = "connection" | "login" | "sender" | "recipient" | "content";

export type SendOptions = {
  /**
   * The last question before the server hears of the message, once there is a connection to tell it over; asked again
   * where the message is told over another one. False leaves the connection to the next message.
   */
  mayBegin?: () => Promise<boolean>;
  /** Runs after the server asked for the message and before its first byte; false drops the connection instead. */
  beforeBody?: () => boolean;
  /** No connection is set up for this message any more. */
  signal?: AbortSignal;
};

export type Mailer = {
  readonly connections: number;
  /** Waits for a free connection. */
  send(envelope: Envelope, message: Buffer, options?: SendOptions): Promise<SendResult>;
  /** Connects, over TLS and signed in where the address says so; null where the server takes us. */
  check(options?: Pick<SendOptions, "signal">): Promise<Failure | null>;
  /** The same, and throws an Error that says what is wrong. */
  verify(): Promise<void>;
  /** Ends idle connections; messages on their way are finished first. */
  close(): Promise<void>;
};

export type MailerOptions = {
  connections: number;
  /** How long the server may take for any answer. Less than RFC 5321's ten minutes makes duplicates. */
  answerTimeoutMs?: number;
  connectTimeoutMs?: number;
  /** A connection is replaced after this many messages, and after `idleMs` without one. */
  messagesPerConnection?: number;
  idleMs?: number;
};

const DEFAULTS = {
  answerTimeoutMs: 600_000,
  connectTimeoutMs: 30_000,
  messagesPerConnection: 1_000,
  idleMs: 60_000,
};

/** Throws a RangeError for an address that is no SMTP address. */
export function createMailer(smtpUrl: string, options: MailerOptions): Mailer {
  const server = readSmtpUrl(smtpUrl);
  const settings = { ...DEFAULTS, ...options };
  const lines = Array.from({ length: options.connections }, () => new Line(server, settings));
  const free = [...lines];
  const waiting: ((line: Line) => void)[] = [];
  const take = async () => free.pop() ?? new Promise<Line>((resolve) => waiting.push(resolve));
  const giveBack = (line: Line) => {
    const next = waiting.shift();
    if (next) next(line);
    else free.push(line);
  };
  const check = async ({ signal }: Pick<SendOptions, "signal"> = {}) => {
    const line = await take();
    return line.connect(signal).finally(() => giveBack(line));
  };
  return {
    connections: options.connections,
    check,
    async send(envelope, message, sendOptions = {}) {
      requireOneAddress(envelope.to);
      const line = await take();
      return line.send(envelope, message, sendOptions).finally(() => giveBack(line));
    },
    async verify() {
      const problem = await check();
      if (problem) throw new Error(problem.kind === "refused" ? problem.reply : problem.reason);
    },
    async close() {
      const all = await Promise.all(lines.map(() => take()));
      for (const line of all) line.quit();
    },
  };
}

/** Nodemailer would take `a@x,b@z` for two people; whoever calls must have made sure of one. */
function requireOneAddress(address: string): void {
  if (/^[\x21-\x7e]+$/.test(address) && !/[<>,;:"()\\[\]\s]/.test(address) && address.split("@").length === 2)
    return;
  throw new RangeError("A message goes to exactly one plain address.");
}

export type Failure = Extract<SendResult, { kind: "refused" | "unreachable" }>;

const STOPPED: Failure = { kind: "unreachable", reason: "given up while the connection was set up" };

/** One connection that is opened when needed and kept. */
class Line {
  private session: SmtpSession | null = null;
  private sent = 0;
  private usedAt = 0;
  private readonly server: SmtpServer;
  private readonly settings: typeof DEFAULTS;

  constructor(server: SmtpServer, settings: typeof DEFAULTS) {
    this.server = server;
    this.settings = settings;
  }

  async send(envelope: Envelope, message: Buffer, options: SendOptions): Promise<SendResult> {
    const kept = this.session !== null;
    const result = await this.sendOnce(envelope, message, options);
    // A kept connection may have been closed by the server since; it asks for a new one with 421 or by hanging up.
    const closedSince =
      result.kind === "unreachable" ||
      (result.kind === "refused" && result.code === 421 && result.stage !== "content");
    return kept && closedSince ? this.sendOnce(envelope, message, options) : result;
  }

  private async sendOnce(envelope: Envelope, message: Buffer, options: SendOptions): Promise<SendResult> {
    const failure = await this.connect(options.signal);
    if (failure) return failure;
    if (options.mayBegin && !(await options.mayBegin())) return { kind: "not-begun" };
    const { session } = this;
    if (!session) return { kind: "unreachable", reason: "the connection closed at once" };
    const result = resultOf(await session.transact({ ...envelope, message, beforeBody: options.beforeBody }));
    this.sent += 1;
    this.usedAt = performance.now();
    if (result.kind !== "accepted" && result.kind !== "refused") this.drop();
    else if (result.kind === "refused" && (result.code === 421 || !(await session.reset()))) this.drop();
    else if (this.sent >= this.settings.messagesPerConnection) this.quit();
    return result;
  }

  /** Null once there is a connection that works. Nodemailer sets it up: names, TLS, login. `signal` gives it up. */
  async connect(signal?: AbortSignal): Promise<Failure | null> {
    if (this.session && performance.now() - this.usedAt > this.settings.idleMs) this.quit();
    if (this.session?.usable) return null;
    if (signal?.aborted) return STOPPED;
    const greeting = new Greeting();
    const connection = new SMTPConnection({
      ...this.server.connection,
      connectionTimeout: this.settings.connectTimeoutMs,
      greetingTimeout: this.settings.connectTimeoutMs,
      socketTimeout: this.settings.answerTimeoutMs,
      socketCloseTimeout: 0,
      transactionLog: true,
      logger: greeting.listener,
    });
    let giveUp: () => void = () => undefined;
    const failure = await new Promise<Failure | null>((resolve) => {
      giveUp = () => resolve(STOPPED);
      signal?.addEventListener("abort", giveUp, { once: true });
      const fail = (error: Error) => resolve(failureOf(error));
      connection.on("error", fail);
      // Nodemailer closes before it says why; the reason, where there is one, comes first this way.
      connection.on("end", () => setImmediate(() => fail(new Error("the connection closed"))));
      connection.connect((error) => {
        if (error) return fail(error);
        if (!this.server.auth) return resolve(null);
        connection.login(this.server.auth, (problem) => (problem ? fail(problem) : resolve(null)));
      });
    });
    signal?.removeEventListener("abort", giveUp);
    const socket = connection._socket;
    if (failure || !socket) {
      connection.close();
      return failure ?? { kind: "unreachable", reason: "the connection closed at once" };
    }
    const session = new SmtpSession(socket, {
      extensions: greeting.extensions,
      timeoutMs: this.settings.answerTimeoutMs,
      onIdleEnd: () => {
        if (this.session === session) this.session = null;
      },
    });
    this.session = session;
    this.sent = 0;
    this.usedAt = performance.now();
    return null;
  }

  quit(): void {
    this.session?.quit();
    this.session = null;
  }

  private drop(): void {
    this.session?.destroy();
    this.session = null;
  }
}

/** What the server says it can do: Nodemailer tells it nowhere but in its transaction log. */
class Greeting {
  extensions: Set<string> = new Set();
  private asked = "";

  /** The last answer to EHLO counts: after STARTTLS the server is asked again. */
  private listen(entry: unknown, text: unknown): void {
    if (typeof entry !== "object" || entry === null || !("tnx" in entry) || typeof text !== "string") return;
    if (entry.tnx === "client") this.asked = text;
    if (entry.tnx === "server" && /^EHLO /i.test(this.asked)) {
      const [, ...lines] = text.split(/\r?\n/);
      this.extensions = new Set(lines.map((line) => line.slice(4).split(" ", 1)[0]?.toUpperCase() ?? ""));
    }
  }

  get listener() {
    const ignore = () => undefined;
    return {
      level: ignore,
      trace: ignore,
      debug: (entry: unknown, text?: unknown) => this.listen(entry, text),
      info: ignore,
      warn: ignore,
      error: ignore,
      fatal: ignore,
    };
  }
}

type SmtpError = Error & { responseCode?: number; response?: string; command?: string; code?: string };

function resultOf(result: TransactionResult): SendResult {
  switch (result.kind) {
    case "accepted":
      return { kind: "accepted", reply: clean(result.reply.text) };
    case "refused":
      return { kind: "refused", stage: result.stage, ...refusalOf(result.reply.code, result.reply.text) };
    case "withheld":
      return { kind: "withheld" };
    case "broken":
      return { kind: result.bodyBegun ? "uncertain" : "unreachable", reason: clean(result.reason) };
  }
}

function failureOf(error: SmtpError): Failure {
  const reply = error.response ?? "";
  const code = error.responseCode;
  if (code === undefined || code < 400 || code > 599) {
    return { kind: "unreachable", reason: clean(`${error.code ?? "closed"} ${error.message}`) };
  }
  const login = error.code === "EAUTH" || error.command?.startsWith("AUTH") === true;
  return { kind: "refused", stage: login ? "login" : "connection", ...refusalOf(code, reply) };
}

function refusalOf(code: number, reply: string) {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(reply)?.[1] ?? null;
  return { code, enhanced, reply: clean(reply) };
}

/** A server's words on one line, without addresses, short enough for a row, and without the NUL that Postgres refuses. */
function clean(text: string): string {
  return maskPersonalText(text.replace(/[\s\p{Cc}]+/gu, " ").trim()).slice(0, 300);
}
