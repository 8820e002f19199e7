/**
 * How fast an issue leaves, ledger and all, beside what plain Nodemailer does with the same mail on the same machine in
 * the same run. Every ratio is of two figures of one run: absolute ones say more about the machine than about us.
 */
import { generateKeyPairSync } from "node:crypto";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { freezeAudience, ledgerCost, openBenchDatabase, walPosition } from "./bench-database";
import { type Contestant, WORKER_LIMIT_MEGABYTES } from "./send/contestant";
import { cpuWords, measure, type Rate, type Round, words } from "./send/measure";
import { hasSmtpSource, runSmtpSource } from "./send/smtp-source";
import { type RoundFigures, type Verdict, verdictsOf } from "./send/verdict";

const HELP = `npm run bench -- send [--recipients 10000] [--kilobytes 10,60] [--connections 100]
                       [--rounds 3] [--only-engine] [--no-dkim]

  --recipients   of our engine; the others send at most 10,000 of them, since their speed does not change
  --kilobytes    of text and HTML together, one run for each size
  --connections  of each of them; 100 is what Postfix takes at once unless told otherwise
  --rounds       of all of them in turn; ratios are judged by their median. With --only-engine one, unless told otherwise
  --only-engine  leaves the others out, for large numbers
`;

const WIDTH = 18;
const REFERENCE_MESSAGES = 10_000;

export async function run(parameters: string[]): Promise<number> {
  const { values } = parseArgs({
    args: parameters,
    options: {
      recipients: { type: "string", default: "10000" },
      kilobytes: { type: "string", default: "10,60" },
      connections: { type: "string", default: "100" },
      rounds: { type: "string" },
      "only-engine": { type: "boolean", default: false },
      "no-dkim": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const sizes = values.kilobytes.split(",").map(Number);
  const onlyEngine = values["only-engine"];
  const [recipients, connections] = [Number(values.recipients), Number(values.connections)];
  const rounds = Number(values.rounds ?? (onlyEngine ? 1 : 3));
  const numbers = [recipients, connections, rounds, ...sizes];
  if (values.help || !numbers.every((each) => Number.isInteger(each) && each > 0)) {
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
      line(
        `${recipients.toLocaleString("en")} recipients, ${kilobytes} kB, ${key === null ? "unsigned" : "RSA-2048"}`,
      );
      const figures: RoundFigures[] = [];
      for (let number = 1; number <= rounds; number++) {
        if (rounds > 1) line(`  round ${number} of ${rounds}`);
        figures.push(await runRound(round, onlyEngine));
      }
      const verdicts = verdictsOf(figures, { recipients, signed: key !== null });
      verdicts.forEach(print);
      met &&= verdicts.every((verdict) => verdict.met);
    }
  }
  return met ? 0 : 1;
}

async function runRound(round: Round, onlyEngine: boolean): Promise<RoundFigures> {
  const database = await openBenchDatabase();
  try {
    const { recipients: rows } = round;
    const { seconds } = await freezeAudience(database, { readers: rows, bytes: round.bytes });
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
    return { secondsToFreeze: seconds, engine, references };
  } finally {
    await database.close();
  }
}

function referencesOf({ dkimKey }: Round): Contestant[] {
  return dkimKey ? ["pooled", "ready-made", "signing", "signing-one-core"] : ["pooled", "ready-made"];
}

function print({ figure, value, target, met }: Verdict): void {
  if (target === null) line(`         ${figure}: ${value.toFixed(2)}`);
  else line(`  ${met ? "met  " : "MISSED"} ${figure} (wanted: ${target}): ${value.toFixed(2)}`);
}

/** What these cores could do at most if to send cost nothing but the signature and the receiving. */
function ceilingWords(signing: Rate, engine: Rate, { few, rows }: { few: number; rows: number }): string {
  if (signing.cpu.sender === null) return "unknown";
  const perSecond = availableParallelism() / (signing.cpu.sender / few + engine.cpu.observer / rows);
  const share = (perSecond / signing.perSecond).toFixed(2);
  return `${Math.round(perSecond).toLocaleString("en").padStart(7)} a second, ${share} of signing alone: were a signature and who receives it all that costs`;
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}
