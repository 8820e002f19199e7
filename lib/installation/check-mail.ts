/** What the doctor asks of the mail server and of the sender's domain. Signs in where that is set; sends nothing. */
import type { Env } from "@/lib/env";
import { createMailer } from "@/lib/mail/mailer";
import { readSmtpUrl } from "@/lib/mail/smtp-url";
import type { DomainFinding } from "./domain/check-domain";
import type { Dns } from "./domain/dns";
import { lookAtDomain } from "./domain/get-findings";
import { type Finding, fail, ok, reasonOf, warn } from "./findings";

const CONNECT_MS = 10_000;

export async function checkMailServer(smtpUrl: string): Promise<Finding> {
  const { connection, auth } = readSmtpUrl(smtpUrl);
  const mailer = createMailer(smtpUrl, {
    connections: 1,
    connectTimeoutMs: CONNECT_MS,
    answerTimeoutMs: CONNECT_MS,
  });
  const server = `${connection.host}:${connection.port}`;
  try {
    await mailer.verify();
  } catch (error) {
    return fail(
      "Mail server",
      `${server} does not take us (${reasonOf(error)})`,
      "Correct SMTP_URL: address, port, account, password; smtps:// where the port speaks TLS from the start.",
    );
  } finally {
    await mailer.close();
  }
  const tls = connection.secure || connection.requireTLS;
  if (!tls && !isLocal(connection.host)) {
    return warn(
      "Mail server",
      `${server} answers, and TLS is not required`,
      "Add ?tls=required to SMTP_URL, so that nobody between reads or changes the mail.",
    );
  }
  return ok("Mail server", `${server} answers${tls ? ", over TLS" : ""}${auth ? ", signed in" : ""}`);
}

/** The sending domain as the world sees it; the same check as on the settings page and in `domain check`. */
export async function checkSender(
  env: Parameters<typeof lookAtDomain>[0] & Pick<Env, "PUBLIC_URL" | "SMTP_URL" | "DNS_RESOLVER">,
  dns: Dns,
): Promise<Finding[]> {
  const domain = env.MAIL_FROM.slice(env.MAIL_FROM.lastIndexOf("@") + 1).toLowerCase();
  if (!env.DNS_RESOLVER && isLocal(readSmtpUrl(env.SMTP_URL).connection.host))
    return [ok("Sender", `${domain}, not looked up: the mail server is on this machine`)];
  const site = new URL(env.PUBLIC_URL).hostname;
  const findings = (await lookAtDomain(env, dns)).map(asFinding);
  if (isAligned(domain, site)) return findings;
  const advice =
    "Readers and filters trust mail more whose sender and links share a domain: set MAIL_FROM or PUBLIC_URL.";
  return [warn("Sender", `mail comes from ${domain}, its links lead to ${site}`, advice), ...findings];
}

function asFinding({ part, level, says, publish }: DomainFinding): Finding {
  return {
    name: part,
    level: level === "unknown" ? "warn" : level,
    says,
    ...(publish && { advice: `Publish, as ${publish.type} of ${publish.name}: ${publish.value}` }),
  };
}

/** The same domain, or one below the other. */
export function isAligned(domain: string, site: string): boolean {
  return domain === site || site.endsWith(`.${domain}`) || domain.endsWith(`.${site}`);
}

function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
