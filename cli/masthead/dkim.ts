import type { Command } from "commander";
import { parseMailEnv } from "@/lib/env";
import { checkDkim } from "@/lib/installation/domain/check-domain";
import { askDns } from "@/lib/installation/domain/dns";
import { dkimRecord, loadDkimKey, makeDkimKey } from "@/lib/mail/dkim-key";
import { readSettings } from "../launch/settings";
import { findingWords, LOOKING_MS, zoneLine } from "./domain";
import { answersWith, fromWhereTyped } from "./verb";

type Making = { selector?: string; file?: string; ed25519?: boolean };

export function addDkim(program: Command): void {
  const dkim = program.command("dkim").description("the key that signs mail").helpCommand(false);
  const make = dkim
    .command("make")
    .description("makes a key and says what to publish; overwrites nothing")
    .option("--selector <word>", "under which name it is published (DKIM_SELECTOR)")
    .option("--file <path>", "where the key is kept (DKIM_KEY_FILE, else dkim-<selector>.pem)")
    .option("--ed25519", "a small, fast key that few receivers know yet, instead of RSA-2048");
  answersWith(make, async (wishes: Making) => makeKey(wishes));
  const check = dkim
    .command("check")
    .description("whether what is published verifies what is signed. Exit code 1 when it does not")
    .option("--resolver <address>", "the DNS server to ask, such as 127.0.0.1:5353 (DNS_RESOLVER)");
  answersWith(check, async (wishes: { resolver?: string }) => {
    const env = mailEnv(wishes.resolver ? { DNS_RESOLVER: wishes.resolver } : {});
    const dns = askDns({ server: env.DNS_RESOLVER, deadlineMs: LOOKING_MS });
    const finding = await checkDkim(loadDkimKey(env), dns);
    return { data: finding, words: findingWords(finding), failed: finding.level !== "ok" };
  });
}

function makeKey({ selector, file, ed25519 }: Making) {
  const env = mailEnv(selector ? { DKIM_SELECTOR: selector } : {});
  const place = file ?? env.DKIM_KEY_FILE ?? `dkim-${env.DKIM_SELECTOR}.pem`;
  const path = fromWhereTyped(place);
  makeDkimKey(path, ed25519 ? "ed25519" : "rsa");
  const key = loadDkimKey({ ...env, DKIM_KEY_FILE: path });
  if (!key) throw new Error("The key that was just made cannot be read.");
  const record = dkimRecord(key);
  const words = [
    `Made ${path}, which only you may read. Publish this record:`,
    "",
    zoneLine({ type: "TXT", name: record.name, value: record.text }),
    "",
    "Then set these, see that the record is there, and start again:",
    "",
    `  DKIM_KEY_FILE=${path}`,
    `  DKIM_SELECTOR=${key.selector}`,
    `  DKIM_DOMAIN=${key.domain}`,
    "",
    "  npm run masthead -- dkim check",
  ];
  if (ed25519)
    words.push("", "Few receivers verify Ed25519 yet: use it only where another signature is added.");
  return { words, data: { file: path, selector: key.selector, domain: key.domain, record } };
}

function mailEnv(more: Record<string, string>) {
  return parseMailEnv({ ...readSettings().environment, ...more });
}
