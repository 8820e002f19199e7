import type { Command } from "commander";
import { parseMailEnv } from "@/lib/env";
import { checkDomain, type DomainFinding } from "@/lib/installation/domain/check-domain";
import { askDns } from "@/lib/installation/domain/dns";
import { loadDkimKey } from "@/lib/mail/dkim-key";
import { readSettings } from "../launch/settings";
import { answersWith } from "./verb";

export const LOOKING_MS = 15_000;

const SIGNS = { ok: "ok  ", warn: "warn", fail: "FAIL", unknown: "?   " } as const;

export function addDomain(program: Command): void {
  const domain = program.command("domain").description("the domain that mail comes from").helpCommand(false);
  const check = domain
    .command("check")
    .description("SPF, DKIM, DMARC, PTR and MX, with what to publish. Exit code 1 when something fails")
    .option("--resolver <address>", "the DNS server to ask, such as 127.0.0.1:5353 (DNS_RESOLVER)");
  answersWith(check, async ({ resolver }: { resolver?: string }) => {
    const { environment } = readSettings();
    const env = parseMailEnv({ ...environment, ...(resolver ? { DNS_RESOLVER: resolver } : {}) });
    const dns = askDns({ server: env.DNS_RESOLVER, deadlineMs: LOOKING_MS });
    const findings = await checkDomain(env, loadDkimKey(env), dns);
    const failed = findings.some(({ level }) => level === "fail");
    return { data: { ok: !failed, findings }, words: findings.flatMap(findingWords), failed };
  });
}

export function findingWords({ part, level, says, found, publish }: DomainFinding): string[] {
  return [
    `${SIGNS[level]}  ${part.padEnd(6)} ${says}`,
    ...found.map((record) => `              found    ${record}`),
    ...(publish ? [`              publish  ${zoneLine(publish)}`] : []),
  ];
}

/** As a zone file has it: strings of a TXT record hold 255 bytes at most. */
export function zoneLine({ type, name, value }: NonNullable<DomainFinding["publish"]>): string {
  if (type !== "TXT") return `${name}. ${type} ${value}`;
  const strings = value.match(/.{1,255}/g) ?? [];
  return `${name}. TXT ${strings.map((text) => `"${text}"`).join(" ")}`;
}
