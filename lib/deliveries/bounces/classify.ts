/** What a refusal says about the reader's address. Pure. Codes are RFC 3463's; where there are none, words must do. */
import type { BounceKind } from "@/prisma/generated/enums";

export type Refused = {
  /** The three digits, where they are known. */
  code: number | null;
  /** RFC 3463, such as 5.1.1. */
  status: string | null;
  words: string | null;
};

export type Classified = { kind: Exclude<BounceKind, "COMPLAINT">; status: string | null };

/** Null for what is no refusal: 2.x, or nothing that anybody could read. POLICY says nothing of the mailbox. */
export function classify(refused: Refused): Classified | null {
  const status = bestStatus(refused);
  const lasting = status ? status.startsWith("5") : codeOf(refused) >= 500;
  const passing = status ? status.startsWith("4") : codeOf(refused) >= 400;
  if (!lasting && !passing) return null;
  if (isAboutUs(status, refused.words) || (status && CODES_ABOUT_MESSAGE.test(status)))
    return { kind: "POLICY", status };
  return { kind: lasting ? "HARD" : "SOFT", status };
}

/** Whether another message of ours would fare no better: it is the sender, the login or the reputation. */
export function refusesUs(refused: Refused): boolean {
  return isAboutUs(bestStatus(refused), refused.words);
}

/** There is no such mailbox, and nobody who waits will find one: 5.1.1, or 5.1.10 where a domain takes no mail. */
export function isDeadAddress(status: string | null): boolean {
  return status === "5.1.1" || status === "5.1.10";
}

/** Many servers say 5.0.0 and put what they mean into the words. */
function bestStatus({ status, words }: Refused): string | null {
  const said = normalised(status);
  if (said && !/^\d\.0\.0$/.test(said)) return said;
  const inWords = normalised(/(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/.exec(words ?? "")?.[0]);
  return inWords && (!said || inWords[0] === said[0]) && !/^\d\.0\.0$/.test(inWords) ? inWords : said;
}

function normalised(status: string | null | undefined): string | null {
  const [, ...parts] = /^\s*([245])\.(\d{1,3})\.(\d{1,3})\b/.exec(status ?? "") ?? [];
  return parts.length === 3 ? parts.map(Number).join(".") : null;
}

function codeOf({ code, words }: Refused): number {
  return code ?? Number(/(?<![\d.])[45]\d\d(?=[ -])/.exec(words ?? "")?.[0] ?? 0);
}

/**
 * Exim and others refuse to relay, or ask for a login, without a code of RFC 3463; providers tell of a sender that they do
 * not know, and of an account that may not send (any more), in words alone or under a code that means anything: Amazon
 * SES ("Email address is not verified", "Sending suspended for this account"), Microsoft 365 (SendAsDenied), SendGrid
 * ("verified Sender Identity"), Gmail ("sending limit exceeded").
 */
const ABOUT_US =
  /\b(spam|spamhaus|black ?list|block ?list|rbl|dnsbl|reputation|policy|dmarc|dkim|spf|relay(ing)? (access )?denied|relay(ing)? (is )?not (permitted|allowed)|not (permitted|allowed) to relay|relay limit|sending (limit|quota)|sending (is )?(suspended|paused|disabled)|address is not verified|verified sender|sender (address )?rejected|authentication (is )?required)\b|\bsendasdenied/i;
/** x.7.x is security and policy, x.1.7 and x.1.8 the sender's address; Gmail's 5.4.5 and Microsoft's 5.2.252 are as above. */
const CODES_ABOUT_US = /^\d\.7\.\d+$|^\d\.1\.[78]$|^5\.4\.5$|^5\.2\.252$/;
/** Whatever the words are: a mailbox that is not there, is closed or is full. */
const CODES_ABOUT_MAILBOX = /^\d\.1\.(1|2|3|6|10)$|^\d\.2\.[12]$/;
/** Too big (5.3.4), what the server cannot do, protocol, content. Not 5.5.0, with which Outlook tells of unknown mailboxes. */
const CODES_ABOUT_MESSAGE = /^5\.3\.[1-5]$|^5\.5\.[1-6]$|^5\.6\.\d+$/;

function isAboutUs(status: string | null, words: string | null): boolean {
  if (status && CODES_ABOUT_US.test(status)) return true;
  if (status && CODES_ABOUT_MAILBOX.test(status)) return false;
  return ABOUT_US.test(words ?? "");
}
