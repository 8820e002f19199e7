/** `npm run bench -- faults`: the figures of the sending engine's scorecard that only a rig can measure. */
import { writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { between } from "./rig/figures/between";
import { conformance } from "./rig/figures/conformance";
import type { Figure, Finding, Lab } from "./rig/figures/figure";
import { frozen } from "./rig/figures/frozen";
import { killed } from "./rig/figures/killed";
import { matrix } from "./rig/figures/matrix";
import { paced } from "./rig/figures/paced";
import { resent } from "./rig/figures/resent";
import { troubles } from "./rig/figures/troubled";
import { startRigPostgres } from "./rig/postgres";

const FIGURES: readonly Figure[] = [frozen, killed, resent, between, matrix, paced, ...troubles, conformance];

const HELP = `npm run bench -- faults [--seeds 10] [--first-seed 1] [--readers 10000] [--only 1,7] [--naive 2] [--quick]

${FIGURES.map(({ figures, about }) => `  ${figures.join(", ").padEnd(8)}${about}`).join("\n")}

--naive says with how many of the seeds the naive worker runs too. --quick is two seeds, 1,000 readers and short troubles.
`;

export async function run(parameters: string[]): Promise<number> {
  const { values } = parseArgs({
    args: parameters,
    options: {
      seeds: { type: "string" },
      "first-seed": { type: "string", default: "1" },
      readers: { type: "string" },
      only: { type: "string" },
      naive: { type: "string", default: "2" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { quick } = values;
  const seeds = Number(values.seeds ?? (quick ? 2 : 10));
  const readers = Number(values.readers ?? (quick ? 1_000 : 10_000));
  const first = Number(values["first-seed"]);
  const naive = Number(values.naive);
  const only = values.only?.split(",").map(Number) ?? null;
  if (
    ![seeds, readers, first, naive + 1, ...(only ?? [])].every(
      (number) => Number.isInteger(number) && number > 0,
    )
  ) {
    process.stderr.write(HELP);
    return 2;
  }
  const chosen = FIGURES.filter(({ figures }) => only === null || figures.some((one) => only.includes(one)));
  const postgres = await startRigPostgres();
  try {
    const lab: Lab = {
      postgres,
      seeds: Array.from({ length: seeds }, (_, at) => first + at),
      readers,
      quick,
      naive,
      say: (words) => void process.stdout.write(`${words}\n`),
    };
    return await measureAll(lab, chosen);
  } finally {
    await postgres.stop();
  }
}

async function measureAll(lab: Lab, figures: readonly Figure[]): Promise<number> {
  const began = Date.now();
  lab.say(`Seeds ${lab.seeds.join(", ")}; ${lab.readers} readers; ${availableParallelism()} cores`);
  const findings: Finding[] = [];
  for (const figure of figures) {
    lab.say(`\n${figure.about}`);
    const found = await figure.measure(lab).catch((error: unknown): Finding[] => [
      {
        figure: figure.figures[0] ?? 0,
        what: figure.about,
        measured: String(error),
        target: "an end",
        met: false,
      },
    ]);
    for (const finding of found) lab.say(sentenceOf(finding));
    findings.push(...found);
  }
  const seconds = Math.round((Date.now() - began) / 1_000);
  const failed = findings.filter((finding) => !finding.met).length;
  const { seeds, readers, quick } = lab;
  const file = join(tmpdir(), `masthead-faults-${began}.json`);
  await writeFile(file, `${JSON.stringify({ seeds, readers, quick, seconds, findings }, null, 2)}\n`);
  lab.say(`\n${findings.length - failed} of ${findings.length} targets met in ${seconds} s. ${file}`);
  return failed === 0 ? 0 : 1;
}

function sentenceOf({ figure, what, measured, target, met }: Finding): string {
  return `${met ? "met   " : "MISSED"}  ${String(figure).padStart(2)}  ${what}\n            ${measured}  [target: ${target}]`;
}
