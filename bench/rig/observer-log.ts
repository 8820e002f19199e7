/**
 * The observer's account of what happened, a JSON line for each event, appended and never changed. Moments are those of
 * `machineNow`.
 */
import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";

/** A transaction that reached RCPT: `mailAt` is when its MAIL was read. */
export type StartLine = { kind: "start"; to: string; from: string; mailAt: number; connection: number };

/** A body that was received to its last byte. */
export type BodyLine = {
  kind: "body";
  to: string;
  /** Of the envelope; anything but 1 is a fault of the sender. */
  recipients: number;
  messageId: string;
  /** Hash of the message without its reader's values, and of every byte of it. */
  masked: string;
  whole: string;
  bytes: number;
  /** Where it stands in the file of bodies, or -1. */
  offset: number;
  at: number;
  connection: number;
  /** False where the answer said that it was not taken. */
  taken: boolean;
  /** What was answered; null where nothing was. */
  code: number | null;
};

/** A MAIL that was answered with a no. */
export type TurnedAwayLine = { kind: "turned-away"; mailAt: number };

export type ObserverLine = StartLine | BodyLine | TurnedAwayLine;

export type ObserverLog = {
  add(line: ObserverLine): void;
  /** The offset at which the message now stands in the file of bodies. */
  keep(message: Buffer): number;
  flush(): void;
  close(): void;
};

const FLUSH_AT = 500;

export function openObserverLog(path: string, bodiesPath: string | null): ObserverLog {
  const file = openSync(path, "a", 0o600);
  const bodies = bodiesPath === null ? null : openSync(bodiesPath, "a", 0o600);
  let waiting: string[] = [];
  let offset = 0;
  const flush = () => {
    if (waiting.length === 0) return;
    writeSync(file, `${waiting.join("\n")}\n`);
    waiting = [];
  };
  return {
    add(line) {
      if (waiting.push(JSON.stringify(line)) >= FLUSH_AT) flush();
    },
    keep(message) {
      if (bodies === null) return -1;
      const at = offset;
      offset += writeSync(bodies, message);
      return at;
    },
    flush,
    close() {
      flush();
      closeSync(file);
      if (bodies !== null) closeSync(bodies);
    },
  };
}

/** What the observer has flushed so far. */
export function readObserverLog(path: string): {
  starts: StartLine[];
  bodies: BodyLine[];
  turnedAway: TurnedAwayLine[];
} {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  const events = lines.map((line) => JSON.parse(line) as ObserverLine);
  return {
    starts: events.filter((event) => event.kind === "start"),
    bodies: events.filter((event) => event.kind === "body"),
    turnedAway: events.filter((event) => event.kind === "turned-away"),
  };
}

/** Each message with its line, one at a time, since all together may not fit into memory. */
export function* readBodies(path: string, lines: readonly BodyLine[]): Generator<[BodyLine, Buffer]> {
  const file = openSync(path, "r");
  try {
    for (const line of lines) {
      const message = Buffer.alloc(line.bytes);
      readSync(file, message, 0, line.bytes, line.offset);
      yield [line, message];
    }
  } finally {
    closeSync(file);
  }
}
