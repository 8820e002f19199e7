import type { Command } from "commander";
import { examine, type Finding } from "@/lib/installation/doctor";
import { askDns } from "@/lib/installation/domain/dns";
import { getStripe } from "@/lib/stripe";
import { readMigrations } from "@/prisma/migrate";
import { LOOKING_MS } from "./domain";
import { withInstallation } from "./installation";
import { answersWith } from "./verb";

const SIGNS = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;

export function addDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .description("looks at everything that Masthead needs; mails nobody. Exit code 1 when something fails");
  answersWith(command, () =>
    withInstallation(async ({ db, env }) => {
      const { migrationDirectories } = await readMigrations();
      const findings = await examine({
        db,
        env,
        stripe: getStripe(),
        migrations: migrationDirectories.map(({ path }) => path),
        nodeVersion: process.versions.node,
        now: () => new Date(),
        fetch,
        dns: askDns({ server: env.DNS_RESOLVER, deadlineMs: LOOKING_MS }),
      });
      const failed = findings.some(({ level }) => level === "fail");
      return { data: { ok: !failed, findings }, words: findings.flatMap(asLines), failed };
    }),
  );
}

function asLines({ name, level, says, advice }: Finding): string[] {
  const line = `${SIGNS[level]}  ${name.padEnd(12)} ${says}`;
  return advice && level !== "ok" ? [line, `${" ".repeat(19)}${advice}`] : [line];
}
