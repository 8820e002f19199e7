/** The check of the sending domain for a page: with this process's environment, and an end after a few seconds. */
import { getEnv } from "@/lib/env";
import type { DkimKey } from "@/lib/mail/dkim";
import { loadDkimKey } from "@/lib/mail/dkim-key";
import { checkDomain, type DomainFinding, type SendingDomain } from "./check-domain";
import { askDns, type Dns } from "./dns";

export type { DomainFinding } from "./check-domain";

const DEADLINE_MS = 3_000;

/** RFC 2606: nobody owns these, so there is nothing to ask, unless a resolver of one's own is named. */
const EXAMPLE = /(^|\.)(example|example\.(com|net|org)|test|invalid|localhost)$/i;

/** Null for an example's domain. The key may be one that this process may not read: workers sign, not the web. */
export async function getDomainFindings(): Promise<DomainFinding[] | null> {
  const env = getEnv();
  if (!env.DNS_RESOLVER && EXAMPLE.test(env.MAIL_FROM.slice(env.MAIL_FROM.lastIndexOf("@") + 1))) return null;
  return lookAtDomain(env, askDns({ server: env.DNS_RESOLVER, deadlineMs: DEADLINE_MS }));
}

/** Never throws for what the DNS does, nor for a key that cannot be read: then it is said of DKIM alone. */
export async function lookAtDomain(
  env: SendingDomain & Parameters<typeof loadDkimKey>[0],
  dns: Dns,
): Promise<DomainFinding[]> {
  let key: DkimKey | null;
  try {
    key = loadDkimKey(env);
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    const others = await checkDomain(env, null, dns);
    return others.map((each) =>
      each.part === "DKIM" ? { ...each, level: "unknown", says, found: [], publish: null } : each,
    );
  }
  return checkDomain(env, key, dns);
}
