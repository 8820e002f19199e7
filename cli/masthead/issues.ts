import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Command, Option } from "commander";
import { databaseNow } from "@/lib/db";
import type { SendingProgress } from "@/lib/deliveries/progress";
import { getSendingProgress } from "@/lib/deliveries/queries";
import { requireIssueBySlug } from "@/lib/issues/find-issue";
import { type ImportReport, importMarkdownIssue, importSubstackExport } from "@/lib/issues/import-issues";
import { localMoment } from "@/lib/issues/local-moment";
import { scheduleIssue, type When } from "@/lib/issues/schedule";
import { announceChange } from "@/lib/publication/announce-change";
import { formatMoment } from "@/lib/publication/format";
import { getPublication } from "@/lib/publication/queries";
import { withInstallation } from "./installation";
import { type Answer, answersWith, count, fromWhereTyped } from "./verb";

export function addIssues(program: Command): void {
  const issues = program.command("issues").description("what is written").helpCommand(false);
  addImport(issues);
  addSchedule(issues);
  addStatus(issues);
}

function addImport(issues: Command): void {
  const command = issues
    .command("import <file>")
    .description("a Markdown file as a draft, or a whole Substack export (.zip) into the archive")
    .option("--with-subscribers", "takes the people of a Substack export, too");
  answersWith(command, (file: string, options: { withSubscribers?: boolean }) =>
    withInstallation(async ({ db }) => {
      const path = fromWhereTyped(file);
      const now = new Date();
      const data = /\.(md|markdown)$/i.test(path)
        ? await importMarkdownIssue(db, await readFile(path, "utf8"), { fileName: basename(path) })
        : await importSubstackExport(db, await readFile(path), {
            now,
            withSubscribers: options.withSubscribers === true,
          });
      await announceChange(["issues", "publication"]);
      return { data, words: describeImport(data) };
    }),
  );
}

function describeImport(report: ImportReport): string[] {
  const words = [`${count(report.added.length, "issue")} came in, ${report.known.length} were here already.`];
  for (const { title, slug } of report.added) words.push(`  /p/${slug}  ${title}`);
  if (report.subscribers) {
    const { added, confirmed, unchanged, left } = report.subscribers;
    words.push(
      `Subscribers: ${added} new, ${confirmed} confirmed now, ${unchanged} unchanged, ${left} had left.`,
    );
  }
  if (report.undecidedMembers > 0) {
    words.push(
      `${count(report.undecidedMembers, "paying reader")} become members with \`npm run masthead -- members move-in\`.`,
    );
  }
  if (report.guests.comped + report.guests.gifted > 0)
    words.push(`Guests: ${report.guests.comped} comped, ${report.guests.gifted} gifted.`);
  for (const { what, why } of report.skipped) words.push(`Left out: ${what}: ${why}`);
  for (const { what, message } of report.notes) words.push(`Note: ${what}: ${message}`);
  return words;
}

function addSchedule(issues: Command): void {
  const command = issues
    .command("schedule <slug>")
    .description("publishes and mails the issue at the next slot, or when told")
    .addOption(
      new Option("--at <time>", "local time of the publication, such as 2026-11-27T09:00").conflicts([
        "now",
        "nextSlot",
      ]),
    )
    .addOption(
      new Option("--next-slot", "the weekly slot (this is what happens unless told)").conflicts("now"),
    )
    .option("--now", "at once");
  answersWith(command, (slug: string, options: { at?: string; now?: boolean }) =>
    withInstallation(async ({ db }) => {
      const issue = await requireIssueBySlug(db, slug);
      const publication = await getPublication(db);
      const when: When = options.now
        ? "now"
        : options.at === undefined
          ? "next-slot"
          : localMoment(options.at, publication.timeZone);
      const { scheduledFor } = await scheduleIssue(
        db,
        { issueId: issue.id, when },
        { now: await databaseNow(db) },
      );
      const words = [`“${issue.title}” goes out on ${formatMoment(scheduledFor, publication)}.`];
      return { data: { slug, scheduledFor }, words };
    }),
  );
}

function addStatus(issues: Command): void {
  const command = issues.command("status <slug>").description("where the issue and its mail stand");
  answersWith(command, (slug: string) =>
    withInstallation(async ({ db }) => {
      const { id, ...issue } = await requireIssueBySlug(db, slug);
      const sending = await getSendingProgress(db, id, { now: await databaseNow(db) });
      const publication = await getPublication(db);
      const words = [`“${issue.title}” (/p/${issue.slug}): ${issue.state.toLowerCase()}`];
      if (issue.scheduledFor && sending.stage === "not-started")
        words.push(`  goes out on ${formatMoment(issue.scheduledFor, publication)}`);
      return { data: { ...issue, sending }, words: [...words, ...describeSending(sending)] };
    }),
  );
}

function describeSending(sending: SendingProgress): Answer["words"] {
  if (sending.stage === "not-started") return ["  not mailed yet"];
  const { stage, audience, counts, perMinute, minutesLeft, pausedReason, mailTrouble } = sending;
  const words = [`  mail: ${stage}${pausedReason ? ` (${pausedReason})` : ""}, audience ${audience}`];
  for (const [state, number] of Object.entries(counts)) {
    if (number > 0) words.push(`  ${state.toLowerCase()}: ${number}`);
  }
  if (mailTrouble) words.push(`  the mail server cannot be used at this moment: ${mailTrouble}`);
  if (minutesLeft !== null) words.push(`  ${perMinute} a minute, about ${minutesLeft} min left`);
  return words;
}
