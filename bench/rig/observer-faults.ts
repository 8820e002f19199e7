/** How the observer misbehaves. Pure: which transaction meets which fault depends on the seed alone. */
import { z } from "zod";
import { chanceOf } from "./chance";

const share = z.number().min(0).max(1).default(0);
const milliseconds = z.number().min(0).default(0);

export const faultsSchema = z
  .object({
    seed: z.number().int().default(1),
    pipelining: z.boolean().default(true),
    /** Shares of the transactions. */
    closeOnMail: share,
    closeOnData: share,
    /** The body is taken, and the connection ends without an answer. */
    closeAfterDot: share,
    /** The body is taken, and no answer comes, ever. */
    silentAfterDot: share,
    /** 421 and the end of the connection, 451: the body is not taken. */
    busyAfterDot: share,
    laterAfterDot: share,
    /** 450 at the first contact of each sender and recipient. */
    greylist: z.boolean().default(false),
    /** A share of the addresses: 550 5.1.1 at RCPT, always the same ones. */
    unknownAddresses: share,
    /** 550 5.7.1 at RCPT for everybody. */
    policy: z.boolean().default(false),
    /** AUTH is answered with 235 or 535; nobody has to log in. */
    login: z.enum(["taken", "refused"]).default("taken"),
    /** Before every answer, and before the answer to the dot. */
    answerDelayMs: milliseconds,
    dotDelayMs: milliseconds,
    /** More MAIL commands in a second than this get 421 and the end of the connection. */
    perSecond: z.number().positive().nullable().default(null),
  })
  .strict();

export type Faults = z.infer<typeof faultsSchema>;
export type FaultsInput = z.input<typeof faultsSchema>;

export type DotFate = "taken" | "taken-then-closed" | "taken-then-silent" | "busy" | "later";
export type Answer = { code: number; text: string; close?: boolean };

export type FaultLine = {
  readonly faults: Faults;
  /** Null where the command may go on; "close" ends the connection without a word. */
  onMail(transaction: number, nowMs: number): Answer | "close" | null;
  onRcpt(from: string, to: string): Answer | null;
  onData(transaction: number): "close" | null;
  /** `time` counts the bodies that came for this recipient. */
  onDot(to: string, time: number): DotFate;
};

/** Greylisted pairs are remembered in `known`, which outlives a change of the faults. */
export function createFaultLine(faults: Faults, known: Set<string>): FaultLine {
  let second = 0;
  let inThisSecond = 0;
  const hits = (fault: string, probability: number, ...words: (string | number)[]) =>
    probability > 0 && chanceOf(faults.seed, fault, ...words) < probability;
  const overLimit = (nowMs: number) => {
    if (faults.perSecond === null) return false;
    const now = Math.floor(nowMs / 1_000);
    if (now !== second) inThisSecond = 0;
    second = now;
    inThisSecond += 1;
    return inThisSecond > faults.perSecond;
  };
  const isGreylisted = (from: string, to: string) => {
    const pair = `${from} ${to}`;
    if (!faults.greylist || known.has(pair)) return false;
    known.add(pair);
    return true;
  };
  return {
    faults,
    onMail(transaction, nowMs) {
      if (hits("close-on-mail", faults.closeOnMail, transaction)) return "close";
      return overLimit(nowMs)
        ? { code: 421, text: "4.7.0 too many messages, come back later", close: true }
        : null;
    },
    onRcpt(from, to) {
      if (faults.policy) return { code: 550, text: "5.7.1 we do not take mail from you" };
      if (hits("unknown", faults.unknownAddresses, to)) return { code: 550, text: "5.1.1 no such mailbox" };
      return isGreylisted(from, to) ? { code: 450, text: "4.2.0 greylisted, come back later" } : null;
    },
    onData: (transaction) => (hits("close-on-data", faults.closeOnData, transaction) ? "close" : null),
    onDot(to, time) {
      if (hits("close-after-dot", faults.closeAfterDot, to, time)) return "taken-then-closed";
      if (hits("silent-after-dot", faults.silentAfterDot, to, time)) return "taken-then-silent";
      if (hits("busy-after-dot", faults.busyAfterDot, to, time)) return "busy";
      return hits("later-after-dot", faults.laterAfterDot, to, time) ? "later" : "taken";
    },
  };
}
