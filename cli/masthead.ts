/**
 * The operator's command: `npm run masthead -- <noun> <verb>`. Exit code 0 means done, 1 that it could not be done, 2
 * that the words of the call were off. Results go to standard output, everything else to standard error.
 */
import { generateWhenNeeded } from "./launch/build";

process.send?.("loaded");
process.on("disconnect", () => process.exit(1));
// The product's log shares standard output, which belongs to the answer here.
process.env.LOG_LEVEL = "silent";

/** After the client was generated: everything below knows the database. */
async function main(): Promise<number> {
  await generateWhenNeeded();
  const { runCommand } = await import("./masthead/program");
  return runCommand(process.argv.slice(2));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
