/** The check of the sending domain for a page: with this process's environment, and an end after a few seconds. */
import { getEnv } from "@/lib/env";
import { loadDkimKey } from "@/lib/mail/dkim-key";
import { checkDomain, type DomainFinding } from "./check-domain";
import { askDns } from "./dns";

export type { DomainFinding } from "./check-domain";

const DEADLINE_MS = 3_000;

/** RFC 2606: nobody owns these, so there is nothing to ask, unless a resolver of one's own is named. */
const EXAMPLE = /(^|\.)(example|example\.(com|net|org)|test|invalid|localhost)$/i;

/** Null for an example's domain. Never throws for what the DNS does, nor for a key that this process may not read: workers sign, not the web. */
export async function getDomainFindings(): Promise<DomainFinding[] | null> {
  const env = getEnv();
  if (!env.DNS_RESOLVER && EXAMPLE.test(env.MAIL_FROM.slice(env.MAIL_FROM.lastIndexOf("@") + 1))) return null;
  const dns = askDns({ server: env.DNS_RESOLVER, deadlineMs: DEADLINE_MS });
  try {
    return await checkDomain(env, loadDkimKey(env), dns);
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    const others = await checkDomain(env, null, dns);
    return others.map((each) =>
      each.part === "DKIM" ? { ...each, level: "unknown", says, found: [], publish: null } : each,
    );
  }
}
