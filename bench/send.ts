/**
 * How fast an issue leaves, ledger and all, beside what plain Nodemailer does with the same mail on the same machine in
 * the same run. Every ratio is of two figures of one run: absolute ones say more about the machine than about us.
 */
import { generateKeyPairSync } from "node:crypto";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import {
  type BenchDatabase,
  freezeAudience,
  ledgerCost,
  openBenchDatabase,
  walPosition,
} from "./bench-database";
import { startObserver } from "./rig/start-observer";
import { type Contestant, runContestant, type Task, WORKER_LIMIT_MEGABYTES } from "./send/contestant";
import { cpuSecondsOf } from "./send/cpu";
import { hasSmtpSource, runSmtpSource } from "./send/smtp-source";

const HELP = `npm run bench -- send [--recipients 10000] [--kilobytes 10,60] [--connections 100] [--only-engine] [--no-dkim]

  --recipients   of our engine; the others send at most 10,000 of them, since their speed does not change
  --kilobytes    of text and HTML together, one run for each size
  --connections  of each of them; 100 is what Postfix takes at once unless told otherwise
  --only-engine  leaves the others out, for large numbers
`;

const WIDTH = 18;
const REFERENCE_MESSAGES = 10_000;
const TARGETS = {
  megabytes: 300,
  /** For a million recipients; a few may take as long as the drawing of the mail does. */
  freezingSeconds: 60,
  leastFreezingSeconds: 5,
} as const;

/**
 * What the engine must reach of each, at least. With signatures that is what one core signs: all cores together would
 * leave none for who sends and who receives (see the ceiling), and are put beside it to be seen.
 */
const RATIOS: Readonly<Record<"signed" | "unsigned", Partial<Record<Contestant, number>>>> = {
  unsigned: { pooled: 4, "ready-made": 0.8 },
  signed: { "signing-one-core": 0.8 },
};

type Rate = { perSecond: number; peakMegabytes: number; isLimited: boolean; cpu: CpuSeconds };
/** What a run took of the processor, where it can be known. */
type CpuSeconds = { sender: number | null; postgres: number | null; observer: number };

export async function run(parameters: string[]): Promise<number> {
  const { values } = parseArgs({
    args: parameters,
    options: {
      recipients: { type: "string", default: "10000" },
      kilobytes: { type: "string", default: "10,60" },
      connections: { type: "string", default: "100" },
      "only-engine": { type: "boolean", default: false },
      "no-dkim": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const sizes = values.kilobytes.split(",").map(Number);
  const [recipients, connections] = [Number(values.recipients), Number(values.connections)];
  if (
    values.help ||
    ![recipients, connections, ...sizes].every((each) => Number.isInteger(each) && each > 0)
  ) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const dkimKey = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });
  let met = true;
  for (const kilobytes of sizes) {
    for (const key of values["no-dkim"] ? [null] : [null, String(dkimKey)]) {
      const round = { recipients, connections, bytes: kilobytes * 1_000, dkimKey: key };
      met = (await runRound(round, values["only-engine"])) && met;
    }
  }
  return met ? 0 : 1;
}

type Round = { recipients: number; connections: number; bytes: number; dkimKey: string | null };

async function runRound(round: Round, onlyEngine: boolean): Promise<boolean> {
  const database = await openBenchDatabase();
  try {
    const { recipients: rows } = round;
    const { seconds } = await freezeAudience(database, { readers: rows, bytes: round.bytes });
    line(
      `${rows.toLocaleString("en")} recipients, ${round.bytes / 1_000} kB, ${round.dkimKey ? "RSA-2048" : "unsigned"}`,
    );
    line(`  audience frozen in ${seconds.toFixed(1)} s`);
    const few = { ...round, recipients: Math.min(rows, REFERENCE_MESSAGES) };
    const references: [Contestant, Rate][] = [];
    for (const name of onlyEngine ? [] : referencesOf(round)) {
      const rate = await measure(name, few, database);
      references.push([name, rate]);
      line(`  ${name.padEnd(WIDTH)}${words(rate)}`);
      line(`  ${"processor".padEnd(WIDTH)}${cpuWords(rate.cpu, few.recipients)}`);
    }
    if (!onlyEngine && !round.dkimKey && (await hasSmtpSource())) {
      line(`  ${"smtp-source".padEnd(WIDTH)}${words(await runSmtpSource(few))}`);
    }
    const lsn = await walPosition(database);
    const engine = await measure("engine", round, database);
    line(`  ${"engine".padEnd(WIDTH)}${words(engine)}`);
    line(`  ${"processor".padEnd(WIDTH)}${cpuWords(engine.cpu, rows)}`);
    const within = engine.isLimited ? "the system held it to that" : "the system would not hold it to that";
    line(`  ${"memory".padEnd(WIDTH)}${WORKER_LIMIT_MEGABYTES} MB: ${within}`);
    const cost = await ledgerCost(database, { lsn, rows });
    line(
      `  ${"ledger".padEnd(WIDTH)}${cost.bytesPerRow.toFixed(0)} bytes a row on disk, ${cost.walPerRow.toFixed(0)} of WAL, ${cost.updatesPerRow.toFixed(2)} updates (${cost.heapOnlyPerRow.toFixed(2)} without an index)`,
    );
    const signing = references.find(([name]) => name === "signing")?.[1];
    if (signing)
      line(`  ${"ceiling".padEnd(WIDTH)}${ceilingWords(signing, engine, { few: few.recipients, rows })}`);
    return verdicts(engine, references, {
      rows,
      seconds,
      ratios: RATIOS[round.dkimKey ? "signed" : "unsigned"],
    });
  } finally {
    await database.close();
  }
}

function referencesOf({ dkimKey }: Round): Contestant[] {
  return dkimKey ? ["pooled", "ready-made", "signing", "signing-one-core"] : ["pooled", "ready-made"];
}

async function measure(name: Contestant, round: Round, database: BenchDatabase): Promise<Rate> {
  const { recipients: messages, connections, bytes, dkimKey } = round;
  const { databaseUrl, folder } = database;
  const observer = await startObserver({ record: "none" });
  const task: Task = { smtpUrl: observer.url, connections, messages, bytes, dkimKey, databaseUrl, folder };
  try {
    const before = cpuSecondsOf(database.postgresPid) ?? 0;
    const observerBefore = (await observer.counts()).cpu;
    const report = await runContestant(name, task);
    const after = cpuSecondsOf(database.postgresPid);
    const { cpu } = await observer.counts();
    const { peakMegabytes, isLimited } = report;
    return {
      peakMegabytes,
      isLimited,
      perSecond: report.perSecond ?? (await receivedPerSecond(observer, messages)),
      cpu: {
        sender: report.sendingCpuSeconds,
        postgres: after === null ? null : after - before,
        observer: (cpu.user + cpu.system - observerBefore.user - observerBefore.system) / 1e6,
      },
    };
  } finally {
    await observer.stop();
  }
}

async function receivedPerSecond(observer: Awaited<ReturnType<typeof startObserver>>, messages: number) {
  const { taken, firstBodyAt, lastBodyAt } = await observer.counts();
  if (taken !== messages) throw new Error(`${taken} messages arrived, not ${messages}.`);
  return taken / ((lastBodyAt - firstBodyAt) / 1_000);
}

function verdicts(
  engine: Rate,
  references: readonly [Contestant, Rate][],
  { rows, seconds, ratios }: { rows: number; seconds: number; ratios: Partial<Record<Contestant, number>> },
): boolean {
  const checks: [string, number, boolean][] = [];
  for (const [name, rate] of references) {
    const ratio = engine.perSecond / rate.perSecond;
    const least = ratios[name];
    if (least === undefined) line(`         engine / ${name}: ${ratio.toFixed(2)}`);
    else checks.push([`engine / ${name} (wanted: at least ${least})`, ratio, ratio >= least]);
  }
  const memory = engine.peakMegabytes;
  checks.push([`megabytes at most ${TARGETS.megabytes}`, memory, memory <= TARGETS.megabytes]);
  const allowed = Math.max(TARGETS.leastFreezingSeconds, (TARGETS.freezingSeconds * rows) / 1_000_000);
  checks.push([
    `seconds until the audience was frozen (wanted: at most ${allowed.toFixed(1)})`,
    seconds,
    seconds <= allowed,
  ]);
  for (const [what, figure, met] of checks)
    line(`  ${met ? "met  " : "MISSED"} ${what}: ${figure.toFixed(2)}`);
  return checks.every(([, , met]) => met);
}

/** What these cores could do at most if to send cost nothing but the signature and the receiving. */
function ceilingWords(signing: Rate, engine: Rate, { few, rows }: { few: number; rows: number }): string {
  if (signing.cpu.sender === null) return "unknown";
  const perSecond = availableParallelism() / (signing.cpu.sender / few + engine.cpu.observer / rows);
  const share = (perSecond / signing.perSecond).toFixed(2);
  return `${Math.round(perSecond).toLocaleString("en").padStart(7)} a second, ${share} of signing alone: were a signature and who receives it all that costs`;
}

function cpuWords(cpu: CpuSeconds, messages: number): string {
  const each = (seconds: number | null) =>
    seconds === null ? "unknown" : `${((seconds / messages) * 1e6).toFixed(0)} µs`;
  return `a message: sender ${each(cpu.sender)}, Postgres ${each(cpu.postgres)}, observer ${each(cpu.observer)}`;
}

function words({ perSecond, peakMegabytes }: Pick<Rate, "perSecond" | "peakMegabytes">): string {
  return `${Math.round(perSecond).toLocaleString("en").padStart(7)} a second, ${Math.round(peakMegabytes)} MB at its peak`;
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}
