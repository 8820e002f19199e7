/**
 * Sends the open deliveries of one issue until none is due or it is told to stop. Several workers may run it at once.
 * Takes no more rows than twice its connections, writes the journal around every message, and settles each answer by
 * itself. Returns with every claimed row settled or given back.
 */
import type { Database } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { log } from "@/lib/log";
import { issueHeaders } from "@/lib/mail/headers";
import type { Mailer } from "@/lib/mail/mailer";
import { type PreparedBody, prepareBody, writeMessage } from "@/lib/mail/mime";
import { getPublication, type PublicationSettings } from "@/lib/publication/queries";
import { oneClickUrl, unsubscribeUrl } from "@/lib/subscribers/unsubscribe";
import { type Claim, claimDeliveries, renewLeases, startDelivery } from "./claim";
import type { Journal } from "./journal";
import { outcomeOf } from "./outcome";
import { pauseSending } from "./pause";
import { createSettler, type Settler } from "./settle";

export type SendServices = { mailer: Mailer; journal: Journal; signal: AbortSignal };

const RENEW_EVERY_MS = 20_000;
const REFUSALS_THAT_PAUSE = 20;
const BACK_OFF_MS = 1_000;

type Sending = {
  issueId: string;
  publication: PublicationSettings;
  publishedAt: Date;
  mails: Record<"WHOLE" | "TEASER", { subject: string; body: PreparedBody }>;
  settler: Settler;
  refusedUs: number;
  backOff: boolean;
};

/** How many messages it handed over. */
export async function sendIssue(db: Database, issueId: string, services: SendServices): Promise<number> {
  const sending = await open(db, issueId);
  if (!sending) return 0;
  const { mailer, journal, signal } = services;
  const inHand = new Map<bigint, Claim>();
  const renewal = setInterval(() => {
    renewLeases(db, [...inHand.values()]).catch((error: unknown) =>
      log.error({ event: "deliveries.renew-failed", issueId, error }),
    );
  }, RENEW_EVERY_MS);
  let sent = 0;
  try {
    while (!signal.aborted) {
      const { claims, taken } = await claimDeliveries(
        db,
        { issueId, claimedBy: journal.incarnation, limit: mailer.connections * 2 },
        { publication: sending.publication, now: new Date() },
      );
      if (taken === 0) break;
      for (const claim of claims) inHand.set(claim.id, claim);
      const results = await Promise.all(
        claims.map((claim) => sendOne(db, claim, sending, services).finally(() => inHand.delete(claim.id))),
      );
      sent += results.filter(Boolean).length;
      journal.clear();
      if (await mustPause(db, sending)) break;
      if (sending.backOff) {
        sending.backOff = false;
        await wait(BACK_OFF_MS, signal);
      }
    }
  } finally {
    clearInterval(renewal);
  }
  return sent;
}

async function open(db: Database, issueId: string): Promise<Sending | null> {
  const issue = await db.issue.findUnique({ where: { id: issueId }, include: { frozenMails: true } });
  if (!issue?.audienceFrozenAt || !issue.publishedAt || issue.sendingPausedAt) return null;
  const mail = (variant: "WHOLE" | "TEASER") => {
    const frozen = issue.frozenMails.find((each) => each.variant === variant);
    if (!frozen) throw new Error(`The ${variant} mail of issue ${issueId} was not frozen.`);
    return { subject: frozen.subject, body: prepareBody({ ...frozen, seed: `${issueId}.${variant}` }) };
  };
  return {
    issueId,
    publication: await getPublication(db),
    publishedAt: issue.publishedAt,
    mails: { WHOLE: mail("WHOLE"), TEASER: mail("TEASER") },
    settler: createSettler(db),
    refusedUs: 0,
    backOff: false,
  };
}

/** True where the server took the message. One row's trouble is that row's alone. */
async function sendOne(
  db: Database,
  claim: Claim,
  sending: Sending,
  { mailer, journal, signal }: SendServices,
): Promise<boolean> {
  const settle = (settlement: Parameters<Settler["settle"]>[0]["settlement"]) =>
    sending.settler.settle({ id: claim.id, attempt: claim.attempt, settlement });
  if (signal.aborted) {
    await settle({ state: "QUEUED", reply: null, waitSeconds: 0 });
    return false;
  }
  const start = await startDelivery(db, claim);
  if (!start.go) {
    if (start.because === "unsubscribed")
      await settle({ state: "SKIPPED", reply: "left before it was sent" });
    if (start.because === "paused") await settle({ state: "QUEUED", reply: null, waitSeconds: 0 });
    return false;
  }
  const message = compose(claim, sending);
  const result = await mailer.send({ from: getEnv().MAIL_FROM, to: claim.email }, message, {
    beforeBody: () => {
      journal.begun(claim.id, claim.attempt);
      return true;
    },
  });
  if (result.kind === "accepted") journal.accepted(claim.id, claim.attempt, result.reply);
  else if (result.kind !== "uncertain") journal.notSent(claim.id, claim.attempt);
  const outcome = outcomeOf(result, claim.deferrals);
  if (outcome.aboutUs === "at-once") sending.refusedUs = REFUSALS_THAT_PAUSE;
  if (outcome.aboutUs === "if-many") sending.refusedUs += 1;
  if (outcome.backOff) sending.backOff = true;
  await settle(outcome.settle);
  return result.kind === "accepted";
}

function compose(claim: Claim, sending: Sending): Buffer {
  const { PUBLIC_URL: publicUrl, MAIL_FROM } = getEnv();
  const { publication } = sending;
  const { subject, body } = sending.mails[claim.variant];
  const headers = issueHeaders({
    sender: { name: publication.senderName, address: MAIL_FROM, replyTo: publication.replyTo },
    to: claim.email,
    subject,
    messageId: claim.messageId,
    date: sending.publishedAt,
    publicationName: publication.name,
    publicUrl,
    oneClickUrl: oneClickUrl(claim.subscriberId, { publicUrl }),
  });
  return writeMessage(headers, body, {
    unsubscribeUrl: unsubscribeUrl(claim.subscriberId, { publicUrl }),
    statusLine: claim.statusLine,
  });
}

async function mustPause(db: Database, sending: Sending): Promise<boolean> {
  if (sending.refusedUs < REFUSALS_THAT_PAUSE) return false;
  await pauseSending(db, sending.issueId, {
    reason: "The mail server refuses us: check its address, the login and the sender's reputation.",
  });
  return true;
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}

/** Issues with deliveries that are due now, oldest first. */
export async function listIssuesToSend(db: Database): Promise<{ id: string }[]> {
  return db.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM "Issue" i
    WHERE i."audienceFrozenAt" IS NOT NULL AND i."sendingPausedAt" IS NULL AND EXISTS (
      SELECT 1 FROM "Delivery" d WHERE d."issueId" = i.id AND d.state IN ('QUEUED', 'DEFERRED')
        AND d."nextAttemptAt" <= (clock_timestamp() AT TIME ZONE 'UTC'))
    ORDER BY i."audienceFrozenAt"`;
}
