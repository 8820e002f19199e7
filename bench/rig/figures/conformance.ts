/** Figures 13 and 24: every mail of one sending, retries and all, read as a receiver would. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageHash } from "@/lib/deliveries/received-mail";
import { readReturnPath } from "@/lib/mail/return-path";
import { HARD_LINES } from "../audience";
import { planBlows } from "../blows";
import { readKeptCopies, readLedger } from "../ledger";
import { inspectMail, inspectParsed, inspectSenders, inspectSignature } from "../mail-check";
import { readBodies, readObserverLog } from "../observer-log";
import { judge, type Sending, sendUnderBlows } from "../run";
import type { Stage } from "../stage";
import { wordsOf } from "../words";
import { type Figure, type Finding, onStage } from "./figure";

const BOUNCE_DOMAIN = "bounce.gazette.test";

type Faults = {
  mails: number;
  signed: number;
  proven: number;
  transactions: number;
  kinds: Map<string, number>;
};

export const conformance: Figure = {
  figures: [13, 24],
  about: "every mail read as a receiver would",
  async measure(lab) {
    const { readers, seeds } = lab;
    const key = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const folder = mkdtempSync(join(tmpdir(), "masthead-rig-key-"));
    const keyFile = join(folder, "dkim.pem");
    writeFileSync(keyFile, key.privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    const record = `v=DKIM1; k=rsa; p=${key.publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
    const faults = { laterAfterDot: 0.02, busyAfterDot: 0.01, closeOnData: 0.02, greylist: true };
    const options = {
      readers,
      connections: 10,
      faults,
      keepBodies: true,
      environment: { DKIM_KEY_FILE: keyFile, BOUNCE_DOMAIN },
    };
    try {
      return await onStage(lab, options, async (stage) => {
        const blows = planBlows(seeds[0] ?? 1, readers, { kill: { times: 3 } });
        const sending = await sendUnderBlows(stage, { blows, workers: 2, skipWaits: true });
        return findings(
          readers,
          await inspectAll(stage, sending, record),
          wordsOf(await judge(stage, sending)),
        );
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function inspectAll(stage: Stage, { issueId }: Sending, record: string): Promise<Faults> {
  const readers = new Map((await readLedger(stage.databaseUrl, issueId)).map((row) => [row.email, row]));
  const kept = await readKeptCopies(stage.databaseUrl, issueId);
  const { starts, bodies } = readObserverLog(stage.log);
  const faults: Faults = { mails: 0, signed: 0, proven: 0, transactions: starts.length, kinds: new Map() };
  const note = (found: readonly string[]) => {
    for (const kind of found) faults.kinds.set(kind, (faults.kinds.get(kind) ?? 0) + 1);
  };
  const deliveries = new Map([...kept].map(([email, { deliveryId }]) => [email, deliveryId]));
  note(inspectSenders(starts, deliveries, deliveryNamedBy));
  for (const [{ to }, message] of readBodies(stage.bodies ?? "", bodies)) {
    const signature = await inspectSignature(message, record);
    faults.mails += 1;
    if (signature !== null) faults.signed += 1;
    const copy = kept.get(to);
    const isProven = copy?.messageHash === String(messageHash(message));
    if (isProven) faults.proven += 1;
    note([
      ...inspectMail(message, to, readers),
      ...(await inspectParsed(message, to, HARD_LINES)),
      ...(signature ?? []),
      // As it came, with the dots that were stuffed taken out again: not as it was meant to be.
      ...(copy?.state === "SENT" && !isProven ? ["not the bytes that the ledger vouches for"] : []),
    ]);
  }
  return faults;
}

function deliveryNamedBy(address: string): string | null {
  const returned = readReturnPath(address, { bounceDomain: BOUNCE_DOMAIN });
  return returned !== null && "deliveryId" in returned ? String(returned.deliveryId) : null;
}

function findings(
  readers: number,
  { mails, signed, proven, transactions, kinds }: Faults,
  anomalies: string,
): Finding[] {
  const inWords = (list: [string, number][]) =>
    list.map(([kind, count]) => `${count} × ${kind}`).join("; ") || "none";
  const foreign = [...kinds].filter(([kind]) => kind.startsWith("another reader's"));
  const others = [...kinds].filter(([kind]) => !kind.startsWith("another reader's"));
  return [
    {
      figure: 13,
      what: `another reader's address, token or name (${mails} mails against ${readers} readers)`,
      measured: inWords(foreign),
      target: "none",
      met: foreign.length === 0 && mails >= readers,
    },
    {
      figure: 24,
      what:
        `${mails} mails parsed, ${signed} of them signed by DKIM (RSA-2048) and verified, ${proven} of the bytes that ` +
        `the ledger vouches for; the senders of ${transactions} envelopes`,
      measured: `faults: ${inWords(others)}; identifiers and bytes over retries: ${anomalies}`,
      target: "none; all signed",
      met: others.length === 0 && anomalies === "none" && mails >= readers && signed === mails,
    },
  ];
}
