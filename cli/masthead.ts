/**
 * The operator's command: `npm run masthead -- <noun> <verb>`. Reads the environment as the product does. Exit code 0
 * means done, 1 that it could not be done, 2 that the words of the call were off.
 */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { inviteAuthor } from "@/lib/auth/authors";
import { createDatabase, type Database } from "@/lib/db";
import { getSendingProgress } from "@/lib/deliveries/queries";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { importMarkdownIssue, importSubstackExport } from "@/lib/issues/import-issues";
import { scheduleIssue, type When } from "@/lib/issues/schedule";
import { reconcileMemberships } from "@/lib/memberships/reconcile";
import { announceChange } from "@/lib/publication/announce-change";
import { getStripe } from "@/lib/stripe";
import { exportSubscribers } from "@/lib/subscribers/export-csv";
import { importSubscribers } from "@/lib/subscribers/import-csv";

const HELP = `masthead <noun> <verb> [--json] [--help]

  author invite <email>                                may sign in to the desk from now on
  subscribers import <csv> [--confirmed --source "…"]  people from a list; nobody is mailed
  subscribers export                                   everybody as CSV, on standard output
  issues import <file.md|substack.zip> [--with-subscribers]
  issues schedule <slug> [--at <time>|--now]           without either: the next slot
  issues status <slug>                                 how its sending stands
  reconcile                                            brings memberships up to date with Stripe`;

const OPTIONS = {
  help: { type: "boolean" },
  json: { type: "boolean" },
  confirmed: { type: "boolean" },
  source: { type: "string" },
  "with-subscribers": { type: "boolean" },
  at: { type: "string" },
  now: { type: "boolean" },
} as const;

type Call = { words: string[]; values: ReturnType<typeof parse>["values"] };

class WrongCall extends Error {}

function parse(argv: string[]) {
  return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
}

/** Answers what a person or, with --json, a program is told. */
async function run(db: Database, { words, values }: Call): Promise<unknown> {
  const [noun, verb, object] = words;
  const now = new Date();
  const need = (what: string) => {
    if (!object) throw new WrongCall(`Say ${what}.`);
    return object;
  };
  switch (`${noun ?? ""} ${verb ?? ""}`.trim()) {
    case "author invite":
      return inviteAuthor(db, need("which address"), { now });
    case "subscribers import":
      return importSubscribers(db, createReadStream(need("which file")), {
        now,
        confirmed: values.confirmed === true,
        source: values.source ?? "",
      });
    case "subscribers export":
      for await (const rows of exportSubscribers(db)) process.stdout.write(rows);
      return undefined;
    case "issues import":
      return importIssues(db, need("which file"), values["with-subscribers"] === true, now);
    case "issues schedule":
      return schedule(db, need("which issue, by its slug"), values, now);
    case "issues status":
      return getSendingProgress(db, await idOf(db, need("which issue, by its slug")), { now });
    case "reconcile":
      return reconcileMemberships(db, getStripe(), { now, publicUrl: getEnv().PUBLIC_URL });
    default:
      throw new WrongCall(`There is no “${words.join(" ")}”.`);
  }
}

async function importIssues(
  db: Database,
  path: string,
  withSubscribers: boolean,
  now: Date,
): Promise<unknown> {
  const report = /\.(md|markdown)$/i.test(path)
    ? await importMarkdownIssue(db, await readFile(path, "utf8"), { fileName: basename(path) })
    : await importSubstackExport(db, await readFile(path), { now, withSubscribers });
  await announceChange(["issues", "publication"]);
  return report;
}

async function schedule(db: Database, slug: string, values: Call["values"], now: Date): Promise<unknown> {
  const when: When = values.now ? "now" : values.at ? new Date(values.at) : "next-slot";
  return scheduleIssue(db, { issueId: await idOf(db, slug), when }, { now });
}

async function idOf(db: Database, slug: string): Promise<string> {
  const issue = await db.issue.findUnique({ where: { slug }, select: { id: true } });
  if (!issue) throw new DomainError("NOT_FOUND", `There is no issue at /p/${slug}.`);
  return issue.id;
}

async function main(): Promise<number> {
  let call: Call;
  try {
    const { positionals, values } = parse(process.argv.slice(2));
    call = { words: positionals, values };
  } catch (error) {
    throw new WrongCall(error instanceof Error ? error.message : String(error));
  }
  if (call.values.help || call.words.length === 0) {
    console.log(HELP);
    return 0;
  }
  const db = createDatabase(getEnv().DATABASE_URL, { connections: 2 });
  try {
    const answer = await run(db, call);
    if (answer !== undefined) console.log(JSON.stringify(answer, null, call.values.json ? 0 : 2));
    return 0;
  } finally {
    await db.$disconnect();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    if (error instanceof WrongCall) console.error(`\n${HELP}`);
    process.exit(error instanceof WrongCall ? 2 : 1);
  },
);
