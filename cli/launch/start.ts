import { join } from "node:path";
import { buildWhenNeeded, generateWhenNeeded } from "./build";
import { checkNamed } from "./check-environment";
import { neededPorts, whatIsNamed } from "./compose-environment";
import type { Ending } from "./ending";
import { choosePorts } from "./ports";
import { DATA, makeDataFolder } from "./project";
import { claimFolder, describeInstallation, refuseWhenRunning, releaseFolder } from "./running";
import { say, seconds, step } from "./say";
import { localSecrets } from "./secrets";
import { readSettings } from "./settings";
import { type Addresses, Stack } from "./stack";

/** `npm start` and `npm run dev`: everything, until a signal ends it or one part of it fails. */
export async function start(options: { reload: boolean; ending: Ending }): Promise<void> {
  const { reload, ending } = options;
  const began = performance.now();
  const settings = readSettings();
  checkNamed(settings.environment);
  makeDataFolder();
  await refuseWhenRunning();
  const { ports, notes } = await choosePorts(settings.ports, neededPorts(whatIsNamed(settings.environment)));
  await claimFolder(settings.environment.PUBLIC_URL ?? `http://localhost:${ports.PORT}`);
  ending.atEnd(releaseFolder);

  say(reload ? "Masthead, reloading as you edit" : "Masthead");
  for (const note of notes) say(`  ${note}`);
  await step("Generated the database client", generateWhenNeeded);
  if (!reload) await step("Built the site", buildWhenNeeded);

  const stack = new Stack({
    folder: DATA,
    logs: join(DATA, "logs"),
    host: settings.host ?? "localhost",
    ports,
    secrets: await localSecrets(DATA),
    environment: settings.environment,
    reload,
    throwaway: false,
    shown: "trouble",
  });
  ending.atEnd(() => stack.stop());
  ending.atForce(() => stack.kill());
  const addresses = await stack.start();
  await describeInstallation(addresses.site, { databaseUrl: addresses.database, ports });
  say(`  Ready after ${seconds(performance.now() - began)}\n`);
  for (const line of rows(addresses)) say(line);
  await stack.died;
}

function rows({ site, mailbox, stripe, database, place, author }: Addresses): string[] {
  const row = (name: string, value: string, note = "") =>
    `  ${name.padEnd(10)} ${value}${note && `  ${note}`}`;
  const kept = place && !place.startsWith(DATA) ? `.data and ${place}` : ".data";
  const codes = mailbox ? "; the code arrives in the mailbox" : "";
  return [
    row("Site", site),
    row("Desk", `${site}/admin`, `(sign in as ${author}${codes})`),
    ...(mailbox ? [row("Mailbox", mailbox, "(every mail that Masthead sends)")] : []),
    ...(stripe ? [row("Stripe", stripe, "(sandbox: test cards, and a clock to move)")] : []),
    row("Database", place ? database : withoutPassword(database)),
    "",
    `  Ctrl-C stops everything; data is kept in ${kept}.`,
    "",
  ];
}

/** A stand-in's password is for local use and worth showing; a real one is not. */
function withoutPassword(database: string): string {
  const url = new URL(database);
  if (url.password) url.password = "***";
  return url.href;
}
