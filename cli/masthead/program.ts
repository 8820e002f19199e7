import { Command, CommanderError } from "commander";
import { DomainError } from "@/lib/errors";
import { addAuthor } from "./author";
import { addDkim } from "./dkim";
import { addDoctor } from "./doctor";
import { addDomain } from "./domain";
import { addIssues } from "./issues";
import { addMembers } from "./members";
import { addReconcile } from "./reconcile";
import { addStripe } from "./stripe";
import { addSubscribers } from "./subscribers";
import { AnsweredFailure } from "./verb";
import { addWhole } from "./whole";

const DONE = 0;
const COULD_NOT = 1;
const WRONG_CALL = 2;

/** Runs one call and answers with its exit code. */
export async function runCommand(parameters: readonly string[]): Promise<number> {
  const program = makeProgram();
  try {
    await program.parseAsync(parameters.length === 0 ? ["--help"] : [...parameters], { from: "user" });
    return DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_CALL;
    if (!(error instanceof AnsweredFailure)) complain(error, parameters.includes("--json"));
    return COULD_NOT;
  }
}

function makeProgram(): Command {
  const program = new Command("masthead")
    .description("Masthead's command for its operator.")
    .usage("<noun> <verb> [options]")
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError("Add --help to see how it is called.")
    .addHelpText(
      "after",
      "\nWithout DATABASE_URL it works on the local installation of `npm start`, running or not.\nExit code: 0 done, 1 could not be done, 2 wrong call.",
    );
  for (const add of [
    addAuthor,
    addSubscribers,
    addMembers,
    addIssues,
    addReconcile,
    addStripe,
    addWhole,
    addDoctor,
    addDkim,
    addDomain,
  ])
    add(program);
  return program;
}

function complain(error: unknown, json: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof DomainError ? error.code : undefined;
  process.stderr.write(json ? `${JSON.stringify({ error: message, code })}\n` : `${message}\n`);
}
