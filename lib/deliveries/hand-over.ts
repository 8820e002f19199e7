/**
 * Brings one claimed delivery to the mail server and its answer into the ledger. What had to wait since it was claimed
 * is looked at once more, right before the server hears of it: does the reader still want it? Writes the journal around
 * the moment in which nobody can know.
 * One reader's trouble is that reader's alone. Never throws.
 */
import { performance } from "node:perf_hooks";
import type { Database } from "@/lib/db";
import { log } from "@/lib/log";
import type { Signer } from "@/lib/mail/dkim";
import type { Mailer, SendResult } from "@/lib/mail/mailer";
import { returnPath } from "@/lib/mail/return-path";
import type { Refusal } from "./bounces/record-refusals";
import type { Claim } from "./claim";
import { type IssueToSend, writeIssueMail } from "./issue-to-send";
import type { Journal } from "./journal";
import type { Leases } from "./leases";
import type { News } from "./news";
import { type Outcome, outcomeOf, type Settlement, unwritable } from "./outcome";
import { domainOf } from "./pace/limits";
import { pauseRefusedSending } from "./pause";
import { messageHash } from "./received-mail";
import type { Refusals } from "./refusals";
import { isFresh, isRecent, type Look } from "./second-look";
import type { Copied, Settler } from "./settle";

/** `atMs` by the monotonic clock, of when it was written; `written` never rejects. */
export type OwnPause = { atMs: number; written: Promise<void> };

export type HandOverServices = {
  db: Database;
  mailer: Mailer;
  signer: Signer | null;
  journal: Journal;
  leases: Leases;
  news: News;
  lookAgain: (claim: Claim) => Promise<Look>;
  statusLineId: (text: string) => Promise<number>;
  settler: Settler;
  refusals: Refusals;
  keepRefusal: (refusal: Refusal) => Promise<void>;
  /** Issues that this worker paused by itself. */
  pauses: Map<string, OwnPause>;
  issue: (issueId: string) => Promise<IssueToSend>;
  /** No connection is set up any more once nothing new is to begin. */
  signal: AbortSignal;
};

/**
 * Whether whoever sends had better wait before the next one, and whether this one paused the issue. The row is not settled
 * yet: the connection is free before that, and the claim is held until `settled`, which never rejects.
 */
export type HandedOver = Pick<Delivered, "backOff" | "busy" | "paused"> & {
  /** Why the mail server itself could not be used, as far as this message could tell. */
  trouble: string | null;
  taken: boolean;
  settled: Promise<void>;
};

const SOON_SECONDS = 10;

export async function handOver(claim: Claim, services: HandOverServices): Promise<HandedOver> {
  const { settlement, backOff, busy, paused, trouble = null, copied } = await deliver(claim, services);
  const taken = settlement?.state === "SENT";
  return {
    backOff,
    busy,
    paused,
    trouble,
    taken,
    settled: settleAndRelease(claim, { settlement, copied }, services),
  };
}

async function settleAndRelease(
  claim: Claim,
  { settlement, copied }: Pick<Delivered, "settlement" | "copied">,
  { keepRefusal, settler, leases }: HandOverServices,
): Promise<void> {
  const changed =
    settlement &&
    (await settler.settle({
      id: claim.id,
      attempt: claim.attempt,
      settlement,
      ...(copied && { copied }),
    }));
  leases.release(claim);
  if (!changed || settlement.state !== "FAILED" || settlement.code === null) return;
  const { code, enhanced: status, reply: words } = settlement;
  await keepRefusal({ deliveryId: claim.id, code, status, words });
}

type Delivered = {
  settlement: Settlement | null;
  backOff: boolean;
  busy: Outcome["busy"];
  paused: boolean;
  trouble?: string | null;
  copied?: Copied | undefined;
};

const CALM = { backOff: false, busy: null, paused: false } as const;

/** The message is ready, and signed, before the last look: nothing stands between that and the mail server. */
async function deliver(claim: Claim, services: HandOverServices): Promise<Delivered> {
  const { mailer, signal } = services;
  let issue: IssueToSend;
  let message: Buffer;
  let copied: Copied;
  try {
    issue = await services.issue(claim.issueId);
  } catch (error) {
    return notBegun(claim, error);
  }
  try {
    message = await writeMessage(issue, claim, services);
  } catch (error) {
    log.error({ event: "deliveries.not-written", deliveryId: String(claim.id), error }, "this copy failed");
    return { settlement: unwritable(error), ...CALM };
  }
  try {
    copied = {
      variant: claim.variant,
      statusLineId: await services.statusLineId(claim.statusLine),
      messageHash: messageHash(message),
    };
  } catch (error) {
    return notBegun(claim, error);
  }
  let keptBack: Delivered | null = null;
  const result = await mailer
    .send({ from: returnPath(claim.id), to: claim.email }, message, {
      async mayBegin() {
        keptBack = await reasonToKeepBack(claim, services);
        return keptBack === null;
      },
      beforeBody: () => mayLeave(claim, copied, services),
      signal,
    })
    .catch((error: unknown) => error);
  if (keptBack) return keptBack;
  if (isSendResult(result)) {
    const { outcome, stops } = await judge(claim, result, services);
    const busy = stops === "domain" ? "domain" : outcome.busy;
    return {
      settlement: outcome.settle,
      backOff: outcome.backOff,
      busy,
      paused: stops === "issue",
      trouble: troubleIn(result),
      copied,
    };
  }
  log.error({ event: "deliveries.not-addressed", deliveryId: String(claim.id), error: result }, "not sent");
  return { settlement: unwritable(result), ...CALM };
}

const LOOKS = 3;

/** Null where it may begin now: what says so is younger than any news, and than what unsubscribing waits. */
async function reasonToKeepBack(claim: Claim, services: HandOverServices): Promise<Delivered | null> {
  try {
    if (await stillCounts(claim, services)) return null;
    for (let time = 0; time < LOOKS; time += 1) {
      const askedAtMs = performance.now();
      const look = await services.lookAgain(claim);
      if (!look.go) return { settlement: notStarted(look.because), ...CALM };
      if (isRecent(askedAtMs, services.news)) return null;
    }
    throw new Error("The database answers too slowly to know who may be mailed.");
  } catch (error) {
    return notBegun(claim, error);
  }
}

/** Whether what was seen when it was claimed is enough to begin. Waits for a pause of ours that is being written. */
async function stillCounts(claim: Claim, { news, pauses }: HandOverServices): Promise<boolean> {
  const pause = pauses.get(claim.issueId);
  await pause?.written;
  return isFresh(claim, news) && (pause === undefined || pause.atMs < claim.lookedAtMs);
}

async function writeMessage(issue: IssueToSend, claim: Claim, { signer }: HandOverServices): Promise<Buffer> {
  const message = writeIssueMail(issue, claim);
  return signer ? signer.sign(message) : message;
}

function notBegun(claim: Claim, error: unknown): Delivered {
  log.error({ event: "deliveries.start-failed", deliveryId: String(claim.id), error }, "nothing was sent");
  return { settlement: againIn(SOON_SECONDS), ...CALM, backOff: true };
}

/** Back in the queue it is looked at anew: whoever left is skipped there with the reason that lets them come back. */
function notStarted(because: Extract<Look, { go: false }>["because"]): Settlement | null {
  if (because === "lost") return null;
  return because === "suppressed" ? { state: "SKIPPED", reply: "suppressed" } : againIn(0);
}

/** The last word before the first byte: the row is still ours, and the journal says that it may have left. */
function mayLeave(claim: Claim, copied: Copied, { leases, journal }: HandOverServices): boolean {
  if (!leases.isOurs(claim)) {
    log.warn({ event: "deliveries.lease-over", deliveryId: String(claim.id) }, "too late to send this one");
    return false;
  }
  try {
    journal.begun(claim.id, claim.attempt, copied);
    return true;
  } catch (error) {
    log.error({ event: "deliveries.journal-failed", error }, "nothing is sent that cannot be written down");
    return false;
  }
}

async function judge(
  claim: Claim,
  result: SendResult,
  { db, journal, refusals, pauses }: HandOverServices,
): Promise<{ outcome: Outcome; stops: ReturnType<Refusals["note"]> }> {
  try {
    if (result.kind === "accepted") journal.accepted(claim.id, claim.attempt, result.reply);
    else if (result.kind !== "uncertain") journal.notSent(claim.id, claim.attempt);
  } catch (error) {
    log.error({ event: "deliveries.journal-failed", error }, "an answer stands in the database alone");
  }
  const outcome = outcomeOf(result, claim.deferrals);
  const domain = domainOf(claim.email);
  const stops = refusals.note({ issueId: claim.issueId, domain, outcome, nowMs: performance.now() });
  if (stops === "issue") {
    const words = result.kind === "refused" ? result.reply : "it gave no reason";
    const pause: OwnPause = { atMs: performance.now(), written: Promise.resolve() };
    pause.written = pauseRefusedSending(db, claim.issueId, { words })
      .then(
        () => undefined,
        (error: unknown) => log.error({ event: "deliveries.pause-failed", error }, "it goes on"),
      )
      // Who was looked at while it was being written did not see it.
      .finally(() => {
        pause.atMs = performance.now();
      });
    pauses.set(claim.issueId, pause);
    await pause.written;
  }
  return { outcome, stops };
}

function troubleIn(result: SendResult): string | null {
  if (result.kind === "unreachable") return result.reason;
  const isOfServer = result.kind === "refused" && (result.stage === "connection" || result.stage === "login");
  return isOfServer ? result.reply : null;
}

function isSendResult(value: unknown): value is SendResult {
  return typeof value === "object" && value !== null && !(value instanceof Error) && "kind" in value;
}

function againIn(waitSeconds: number): Settlement {
  return { state: "QUEUED", reply: null, waitSeconds };
}
