/** What the doctor asks of the mail server and of the sender's domain. Signs in where that is set; sends nothing. */
import { createMailer } from "@/lib/mail/mailer";
import { readSmtpUrl } from "@/lib/mail/smtp-url";
import { type Finding, fail, ok, reasonOf, warn } from "./findings";

const CONNECT_MS = 10_000;

export type TextRecords = (name: string) => Promise<string[][]>;

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

/** SPF (RFC 7208) and DMARC (RFC 7489) as they are published; whether they name this server is for a test mail to show. */
export async function checkSender(
  env: { MAIL_FROM: string; PUBLIC_URL: string; SMTP_URL: string },
  textRecords: TextRecords,
): Promise<Finding[]> {
  const domain = env.MAIL_FROM.slice(env.MAIL_FROM.lastIndexOf("@") + 1).toLowerCase();
  if (isLocal(readSmtpUrl(env.SMTP_URL).connection.host))
    return [ok("Sender", `${domain}, not looked up: the mail server is on this machine`)];
  const site = new URL(env.PUBLIC_URL).hostname;
  const findings: Finding[] = [];
  if (!isAligned(domain, site)) {
    findings.push(
      warn(
        "Sender",
        `mail comes from ${domain}, its links lead to ${site}`,
        "Readers and filters trust mail more whose sender and links share a domain: set MAIL_FROM or PUBLIC_URL.",
      ),
    );
  }
  findings.push(await checkRecord("SPF", domain, /^v=spf1\b/i, textRecords));
  findings.push(await checkDmarc(domain, textRecords));
  return findings;
}

/** The same domain, or one below the other. */
export function isAligned(domain: string, site: string): boolean {
  return domain === site || site.endsWith(`.${domain}`) || domain.endsWith(`.${site}`);
}

async function checkDmarc(domain: string, textRecords: TextRecords): Promise<Finding> {
  const parent = domain.split(".").slice(-2).join(".");
  const own = await checkRecord("DMARC", `_dmarc.${domain}`, /^v=DMARC1\b/i, textRecords);
  if (own.level === "ok" || parent === domain) return own;
  const above = await checkRecord("DMARC", `_dmarc.${parent}`, /^v=DMARC1\b/i, textRecords);
  return above.level === "ok" ? above : own;
}

async function checkRecord(
  name: string,
  domain: string,
  pattern: RegExp,
  textRecords: TextRecords,
): Promise<Finding> {
  const advice = `Publish a TXT record for ${domain}; your mail provider says which. Without it mail lands among spam.`;
  try {
    const records = (await textRecords(domain)).map((parts) => parts.join(""));
    const found = records.filter((record) => pattern.test(record));
    if (found.length === 1) return ok(name, `${domain} has a record`);
    if (found.length > 1) return fail(name, `${domain} has ${found.length} records`, "Keep one of them.");
    return warn(name, `${domain} has no record`, advice);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENODATA" || code === "ENOTFOUND") return warn(name, `${domain} has no record`, advice);
    return warn(name, `${domain} could not be looked up (${reasonOf(error)})`, "Look again later.");
  }
}

function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
