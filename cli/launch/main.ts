import { parseArgs } from "node:util";
import { StartFailure } from "@/sandbox/process/failure";
import { Ending } from "./ending";
import { wayOutOf, withoutStack } from "./refusal";
import { stopRunning } from "./run";
import { complain, say } from "./say";

const HELP = `npm start              everything: database, web, worker, mailbox, Stripe sandbox
npm run dev            the same, reloading as you edit
npm test               every check, unit and database tests, the build, the browser journeys
npm run check          the quick part of npm test: no build, no browser
npm run build          the production build, when something changed
npm run serve          the production web, with the environment of .env.example

After "npm start --":  --verbose  says more about failures    --help  this page`;

const COMMANDS = ["start", "test", "check", "build", "generate"] as const;
type Command = (typeof COMMANDS)[number];

interface Request {
  command: Command;
  dev: boolean;
  verbose: boolean;
  help: boolean;
}

function readRequest(parameters: string[]): Request {
  const { values, positionals } = parseArgs({
    args: parameters,
    allowPositionals: true,
    options: {
      dev: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const command = COMMANDS.find((one) => one === (positionals[0] ?? "start"));
  if (!command || positionals.length > 1)
    throw new StartFailure(`Unknown: ${positionals.join(" ")}.\n\n${HELP}`);
  return { command, ...values };
}

/** Loads only what the command needs: the tests and the build do without the product's own modules. */
async function perform({ command, dev }: Request, ending: Ending): Promise<number> {
  if (command === "start") {
    const { start } = await import("./start");
    await start({ reload: dev, ending });
    return 0;
  }
  if (command === "test" || command === "check") {
    const { test } = await import("./test-run");
    return test({ quick: command === "check" });
  }
  const { buildWhenNeeded, generateWhenNeeded } = await import("./build");
  const { step } = await import("./say");
  await step("Generated the database client", generateWhenNeeded);
  if (command === "build") await step("Built the site", buildWhenNeeded);
  return 0;
}

/** A signal ends everything in order; a second one, or the loss of whoever started this, does not wait. */
function heedSignals(ending: Ending): void {
  const onSignal = (code: number) => {
    if (ending.begun) {
      ending.force();
      process.exit(code);
    }
    say("\nStopping… (Ctrl-C again to stop at once)");
    void finish(ending, code);
  };
  process.on("SIGINT", () => onSignal(130));
  process.on("SIGTERM", () => onSignal(143));
  process.on("SIGHUP", () => onSignal(129));
  process.on("disconnect", () => {
    if (!ending.begun) void finish(ending, 1);
  });
  // A closed terminal must not keep the ending from happening.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}

async function finish(ending: Ending, code: number): Promise<never> {
  try {
    await ending.end();
  } catch (error) {
    complain(`Stopping did not go well: ${messageOf(error)}`);
    process.exit(code || 1);
  }
  process.exit(code);
}

function explain(error: unknown, verbose: boolean): string {
  if (verbose && error instanceof Error)
    return `${error.stack}${error.cause ? `\ncaused by: ${error.cause}` : ""}`;
  const wayOut = wayOutOf(error) ?? wayOutOf(messageOf(error));
  if (error instanceof StartFailure)
    return withoutStack([error.message, wayOut].filter(Boolean).join("\n\n"));
  if (wayOut) return wayOut;
  const reason = messageOf(error);
  return `Something unexpected happened: ${reason}\n\`npm start -- --verbose\` says where.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const ending = new Ending();
ending.atEnd(stopRunning);
heedSignals(ending);
process.send?.("loaded");
const verbose = process.argv.includes("--verbose");

try {
  const request = readRequest(process.argv.slice(2));
  if (request.help) say(HELP);
  const code = request.help ? 0 : await perform(request, ending);
  await finish(ending, code);
} catch (error) {
  // While stopping, what was under way fails; that is no news.
  if (!ending.begun) {
    complain(`\n${explain(error, verbose)}`);
    await finish(ending, 1);
  }
}
