/**
 * The receiving side of one SMTP connection (RFC 5321, 2920), for speed: lines are looked for in the bytes as they
 * came, a body is never taken apart, and the answers to one read go out in one write. Faults come from outside.
 */
import type { Socket } from "node:net";
import { machineNow } from "./clock";
import type { Answer, FaultLine } from "./observer-faults";

export type ReceivedBody = {
  from: string;
  to: string;
  recipients: number;
  /** As it was meant, without the dots that were stuffed; null where bodies are not kept. */
  message: Buffer | null;
  connection: number;
};

export type SessionHost = {
  faults(): FaultLine;
  keepsBodies: boolean;
  nextTransaction(): number;
  started(start: { from: string; to: string; mailAt: number; connection: number }): void;
  turnedAway(mailAt: number): void;
  /** Answers what becomes of it, after writing down that it came. */
  received(body: ReceivedBody): Answer | "silent" | "close";
};

const LF = 10;
const END = Buffer.from("\r\n.\r\n");
const NOTHING = Buffer.alloc(0);
const LONGEST_LINE = 4_096;

export class SmtpSession {
  private readonly socket: Socket;
  private readonly host: SessionHost;
  private readonly connection: number;
  private rest: Buffer = NOTHING;
  private inBody = false;
  private chunks: Buffer[] = [];
  /** The last bytes before the next chunk: an end may lie across two reads. */
  private tail: Buffer = NOTHING;
  private answers = "";
  private busy = false;
  private ended = false;
  private from = "";
  private to = "";
  private recipients = 0;
  private mailAt = 0;
  private transaction = 0;

  constructor(socket: Socket, host: SessionHost, connection: number) {
    this.socket = socket;
    this.host = host;
    this.connection = connection;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.take(chunk));
    // A worker that was killed resets its connections; what it had sent was looked at before.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.ended = true;
    });
    this.answer({ code: 220, text: "observer.test ESMTP" });
    this.flush();
  }

  private take(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    this.work();
  }

  private work(): void {
    while (!this.busy && !this.ended && this.rest.length > 0) {
      if (!(this.inBody ? this.takeBody() : this.takeLine())) break;
    }
    if (!this.busy) this.flush();
  }

  /** False where more has to come first. */
  private takeLine(): boolean {
    const end = this.rest.indexOf(LF);
    if (end < 0) {
      if (this.rest.length > LONGEST_LINE) this.close();
      return false;
    }
    const line = this.rest.toString("latin1", 0, this.rest[end - 1] === 13 ? end - 1 : end);
    this.rest = this.rest.subarray(end + 1);
    this.command(line);
    return true;
  }

  private takeBody(): boolean {
    const chunk = this.rest;
    const seam = Buffer.concat([this.tail, chunk.subarray(0, END.length - 1)]);
    const onSeam = seam.indexOf(END);
    const found = onSeam >= 0 ? onSeam - this.tail.length : chunk.indexOf(END);
    const over = onSeam >= 0 || found >= 0;
    const end = over ? found + END.length : chunk.length;
    if (this.host.keepsBodies) this.chunks.push(chunk.subarray(0, end));
    this.rest = chunk.subarray(end);
    if (over) this.bodyCame();
    else this.tail = Buffer.concat([this.tail, chunk.subarray(-4)]).subarray(-4);
    return true;
  }

  private bodyCame(): void {
    this.inBody = false;
    const { from, to, recipients, connection } = this;
    const message = this.host.keepsBodies ? withoutStuffing(Buffer.concat(this.chunks)) : null;
    this.chunks = [];
    const answer = this.host.received({ from, to, recipients, message, connection });
    this.reset();
    if (answer === "close") this.close();
    else if (answer === "silent") this.busy = true;
    else this.answer(answer, this.host.faults().faults.dotDelayMs);
  }

  private command(line: string): void {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "MAIL") this.mail(line);
    else if (verb === "RCPT") this.rcpt(line);
    else if (verb === "DATA") this.data();
    else this.answer(this.aside(verb));
  }

  private aside(verb: string): Answer {
    if (verb === "RSET") this.reset();
    if (verb === "EHLO") return { code: 250, text: this.greeting() };
    if (verb === "AUTH") return this.login();
    if (verb === "QUIT") return { code: 221, text: "2.0.0 until then", close: true };
    if (["RSET", "HELO", "NOOP"].includes(verb)) return { code: 250, text: "2.0.0 observer.test" };
    return { code: 502, text: "5.5.1 that is not spoken here" };
  }

  private greeting(): string {
    const words = ["observer.test", "8BITMIME", "SIZE 50000000", "ENHANCEDSTATUSCODES", "AUTH PLAIN"];
    if (this.host.faults().faults.pipelining) words.push("PIPELINING");
    return words.join("\n");
  }

  /** RFC 4954, whoever it is. */
  private login(): Answer {
    return this.host.faults().faults.login === "refused"
      ? { code: 535, text: "5.7.8 the password is wrong" }
      : { code: 235, text: "2.7.0 welcome" };
  }

  private mail(line: string): void {
    this.reset();
    this.mailAt = machineNow();
    this.transaction = this.host.nextTransaction();
    const fault = this.host.faults().onMail(this.transaction, this.mailAt);
    if (fault === null) this.from = addressIn(line);
    else this.host.turnedAway(this.mailAt);
    if (fault === "close") this.close();
    else this.answer(fault ?? { code: 250, text: "2.1.0 go on" });
  }

  private rcpt(line: string): void {
    if (this.mailAt === 0) this.answer({ code: 503, text: "5.5.1 MAIL comes first" });
    else this.answer(this.recipient(addressIn(line)));
  }

  private recipient(to: string): Answer {
    const { from, mailAt, connection } = this;
    this.host.started({ from, to, mailAt, connection });
    const fault = this.host.faults().onRcpt(from, to);
    if (fault) return fault;
    this.recipients += 1;
    if (this.recipients === 1) this.to = to;
    return { code: 250, text: "2.1.5 go on" };
  }

  private data(): void {
    if (this.recipients === 0) {
      this.answer({ code: 554, text: "5.5.1 no valid recipients" });
    } else if (this.host.faults().onData(this.transaction) === "close") {
      this.close();
    } else {
      this.inBody = true;
      // The line end of DATA itself counts: a message may be nothing but its last dot.
      this.tail = END.subarray(0, 2);
      this.answer({ code: 354, text: "end with a dot" });
    }
  }

  private answer(answer: Answer, extraMs = 0): void {
    this.answers += written(answer);
    const delay = this.host.faults().faults.answerDelayMs + extraMs;
    const close = answer.close === true;
    if (delay > 0) this.later(delay, close);
    else if (close) this.end();
  }

  /** Nothing is read meanwhile, as a slow server would. */
  private later(ms: number, close: boolean): void {
    this.busy = true;
    setTimeout(() => {
      this.busy = false;
      this.flush();
      if (close) this.end();
      else this.work();
    }, ms);
  }

  private flush(): void {
    if (this.answers === "" || this.ended) return;
    this.socket.write(this.answers, "latin1");
    this.answers = "";
  }

  private end(): void {
    this.flush();
    this.ended = true;
    this.socket.end();
  }

  private close(): void {
    this.flush();
    this.ended = true;
    this.socket.destroy();
  }

  private reset(): void {
    this.from = "";
    this.to = "";
    this.recipients = 0;
    this.mailAt = 0;
  }
}

function written({ code, text }: Answer): string {
  const lines = text.split("\n");
  return lines.map((line, at) => `${code}${at < lines.length - 1 ? "-" : " "}${line}\r\n`).join("");
}

function addressIn(line: string): string {
  return line.slice(line.indexOf("<") + 1, line.indexOf(">"));
}

const STUFFED = Buffer.from("\r\n..");

/** RFC 5321 4.5.2. `raw` ends with the dot that ended it, which belongs to no message. */
function withoutStuffing(raw: Buffer): Buffer {
  const pieces: Buffer[] = [];
  const end = raw.length - 3;
  let from = raw[0] === 0x2e ? 1 : 0;
  for (let at = raw.indexOf(STUFFED); at >= 0; at = raw.indexOf(STUFFED, at + STUFFED.length)) {
    pieces.push(raw.subarray(from, at + 3));
    from = at + 4;
  }
  pieces.push(raw.subarray(from, Math.max(from, end)));
  return pieces.length === 1 ? (pieces[0] ?? NOTHING) : Buffer.concat(pieces);
}
