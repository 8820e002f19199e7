/**
 * Measured claims: `npm run bench -- <name>`. Each bench brings its own Postgres, mail server and workers, prints what
 * it measured and its seeds, and ends with 0 where every target was met, 1 where one was not, 2 where the words of the
 * call were off.
 */
import { generateWhenNeeded } from "@/cli/launch/build";
import { setBenchEnvironment } from "./environment";

type Bench = { run(parameters: string[]): Promise<number> };

/** Loaded when asked for, after the database's client was generated. */
const BENCHES: Record<string, { about: string; load: () => Promise<Bench> }> = {
  faults: {
    about: "kills, stops and cuts workers while they send, and counts who was skipped or mailed twice",
    load: () => import("./faults"),
  },
  compact: {
    about: "weighs the ledger before and after it is compacted",
    load: () => import("./compact"),
  },
  trial: {
    about:
      "lets an author send an issue from the desk while its worker is killed, and compares all accounts of it",
    load: () => import("./trial"),
  },
  send: {
    about: "sends an issue with its ledger, and the same mail by plain Nodemailer beside it",
    load: () => import("./send"),
  },
};

const HELP = `npm run bench -- <name>

${Object.entries(BENCHES)
  .map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
  .join("\n")}

Each knows --help.
`;

async function main([name, ...parameters]: string[]): Promise<number> {
  const bench = Object.hasOwn(BENCHES, name ?? "") ? BENCHES[name ?? ""] : undefined;
  if (!bench) {
    process.stderr.write(HELP);
    return name === "--help" ? 0 : 2;
  }
  setBenchEnvironment();
  await generateWhenNeeded();
  return (await bench.load()).run(parameters);
}

process.send?.("loaded");
process.on("disconnect", () => process.exit(1));

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
