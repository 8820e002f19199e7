import { once } from "node:events";
import { createReadStream } from "node:fs";
import type { Command } from "commander";
import { type GuestCounts, openListedGuests } from "@/lib/memberships/move-in-guests";
import { exportSubscribers } from "@/lib/subscribers/export-csv";
import { type ImportReport, importSubscribers } from "@/lib/subscribers/import-csv";
import { withInstallation } from "./installation";
import { type Answer, answersWith, count, fromWhereTyped, progressLine } from "./verb";

const SHOWN_PROBLEMS = 20;

export function addSubscribers(program: Command): void {
  const subscribers = program.command("subscribers").description("who reads").helpCommand(false);
  const add = subscribers
    .command("import <csv>")
    .description("takes in a list of people; mails nobody, and changes nothing the second time")
    .option("--confirmed", "they agreed to get this mail already; needs --source")
    .option("--source <text>", "where they agreed, such as “Substack, exported 20 November”", "");
  answersWith(add, (csv: string, options: { confirmed?: boolean; source: string }) =>
    withInstallation(async ({ db }) => {
      const line = progressLine();
      const now = new Date();
      const report = await importSubscribers(db, createReadStream(fromWhereTyped(csv)), {
        now,
        confirmed: options.confirmed === true,
        source: options.source,
        onProgress: (rows) => line.show(`${count(rows, "row")} read…`),
      }).finally(() => line.clear());
      return wordsFor(report, await openListedGuests(db, { now }));
    }),
  );
  const take = subscribers.command("export").description("everybody as CSV, on standard output");
  answersWith(take, () =>
    withInstallation(async ({ db }) => {
      const asJson = take.opts().json === true;
      const chunks: string[] = [];
      for await (const rows of exportSubscribers(db)) {
        if (asJson) chunks.push(rows);
        else if (!process.stdout.write(rows)) await once(process.stdout, "drain");
      }
      return { data: { csv: chunks.join("") }, words: [] };
    }),
  );
}

function wordsFor(report: ImportReport, guests: GuestCounts): Answer {
  const { rows, repeated, encoding, problems, problemCount, paidElsewhere, ...counts } = report;
  const words = [`${count(rows, "row")} read (${encoding}).`];
  for (const [name, number] of Object.entries(counts)) {
    if (number > 0) words.push(`  ${name.replaceAll(/([A-Z])/g, " $1").toLowerCase()}: ${number}`);
  }
  const free = guests.comped + guests.gifted;
  if (free > 0) words.push(`  comped or gifted, and read everything now: ${free}`);
  if (paidElsewhere > 0)
    words.push(
      `  pay by the list: ${paidElsewhere}; \`npm run masthead -- members move-in\` makes them members`,
    );
  if (repeated > 0) words.push(`  the same address again: ${repeated}`);
  if (problemCount > 0) {
    words.push(`${count(problemCount, "row")} could not be taken:`);
    for (const { line, problem } of problems.slice(0, SHOWN_PROBLEMS))
      words.push(`  line ${line}: ${problem}`);
    if (problemCount > SHOWN_PROBLEMS) words.push("  … (--json lists more of them)");
  }
  return { data: { ...report, guests }, words };
}
