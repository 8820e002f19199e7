/**
 * Reads a mail that reports about another: a delivery status (RFC 3464, and RFC 6533 where addresses are not ASCII), a
 * complaint (RFC 5965), and the two older forms that qmail and Exim write. Pure. Says what the report claims, never whom it is about: whom to believe is
 * decided by addresses that we made ourselves. Auto-replies (RFC 3834), delays and successes are nothing.
 */
import { type ParsedMail, simpleParser } from "mailparser";

export type MailReport =
  | { kind: "failure"; status: string | null; words: string | null }
  /** The mail complained about, as far as the report names it: how its envelope and its Message-ID were. */
  | { kind: "complaint"; returnPaths: string[]; messageId: string | null }
  | { kind: "nothing"; because: "auto-reply" | "delay" | "success" | "no report" }
  /** No mail that can be taken apart, such as one of 20,000 parts. `reason` quotes nothing of it. */
  | { kind: "nothing"; because: "unreadable"; reason: string };

/** Never throws for what stands in the mail. */
export async function readReport(source: Buffer): Promise<MailReport> {
  let mail: ParsedMail;
  try {
    mail = await simpleParser(source, {
      keepDeliveryStatus: true,
      // RFC 5965 B: the mail complained about comes "inline", and is a part to read nevertheless.
      ignoreEmbedded: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
    });
  } catch (error) {
    return { kind: "nothing", because: "unreadable", reason: reasonOf(error) };
  }
  const type = contentType(mail);
  if (type.value === "multipart/report") {
    const feedback = part(mail, "message/feedback-report");
    if (feedback) return readComplaint(mail, feedback);
    const status = part(mail, "message/delivery-status", "message/global-delivery-status");
    return status ? readStatus(status) : { kind: "nothing", because: "no report" };
  }
  return readOldForm(mail);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error ? String(error.code) : error.name;
}

type ContentType = { value: string };

function contentType(mail: ParsedMail): ContentType {
  const header = mail.headers.get("content-type");
  const value = typeof header === "object" && "value" in header ? String(header.value) : "text/plain";
  return { value: value.toLowerCase() };
}

/** The first of any of these types. */
function part(mail: ParsedMail, ...types: string[]): string | null {
  // Of a part whose type cannot be read the parser says "false".
  const found = mail.attachments.find(({ contentType }) => types.includes(String(contentType).toLowerCase()));
  return found ? found.content.toString("utf8") : null;
}

type Fields = ReadonlyMap<string, string>;

/** Groups of fields between empty lines; of a field that stands twice the first counts. */
function readGroups(text: string): Fields[] {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\n[ \t]+/g, " ")
    .split(/\n{2,}/)
    .map((group) => {
      const fields = new Map<string, string>();
      for (const line of group.split("\n")) {
        const [, name, value] = /^([\w-]+)[ \t]*:(.*)$/.exec(line) ?? [];
        if (name && value !== undefined && !fields.has(name.toLowerCase())) {
          fields.set(name.toLowerCase(), value.trim());
        }
      }
      return fields;
    });
}

/** A mail of ours has one recipient, so one group says all; servers that expanded an alias report the member that failed. */
function readStatus(text: string): MailReport {
  const groups = readGroups(text).filter((fields) => fields.has("action"));
  const actions = groups.map((fields) => /^\w+/.exec(fields.get("action") ?? "")?.[0].toLowerCase());
  const failed = groups[actions.indexOf("failed")];
  if (!failed) return { kind: "nothing", because: actions.includes("delayed") ? "delay" : "success" };
  const diagnostic = failed.get("diagnostic-code")?.replace(/^[\w-]+[ \t]*;[ \t]*/, "");
  return { kind: "failure", status: failed.get("status") ?? null, words: diagnostic || null };
}

/** RFC 5965 3.5 and 7.3: what is no complaint of the reader's, such as a report about forged mail. */
const NO_COMPLAINT = new Set(["not-spam", "auth-failure", "dmarc", "none"]);

/** The mail complained about, or its headers; "global" by RFC 6532 and 6533. */
const ORIGINAL = ["message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"];

function readComplaint(mail: ParsedMail, text: string): MailReport {
  const fields = new Map(readGroups(text).flatMap((group) => [...group]));
  const type = /^[\w-]+/.exec(fields.get("feedback-type") ?? "none")?.[0].toLowerCase() ?? "none";
  if (NO_COMPLAINT.has(type)) return { kind: "nothing", because: "no report" };
  const original = part(mail, ...ORIGINAL) ?? "";
  const head = readGroups(original.replace(/^\s+/, ""))[0] ?? new Map<string, string>();
  const returnPaths = [fields.get("original-mail-from"), head.get("return-path")].flatMap((value) =>
    value ? [value.replace(/^<|>$/g, "")] : [],
  );
  return { kind: "complaint", returnPaths, messageId: head.get("message-id") ?? null };
}

/** qmail's QSBMF, and what Exim wrote before it knew RFC 3464. Neither is guessed from words that a person may write. */
function readOldForm(mail: ParsedMail): MailReport {
  const text = mail.text ?? "";
  const fromQmail = /^Hi\. This is the qmail-send program at [^\n]*\n/.test(text);
  if (fromQmail || mail.headers.has("x-failed-recipients")) {
    const [told = ""] = text.split(/^--- Below this line is a copy|^------ This is a copy/m);
    if (fromQmail) return readQmail(told);
    return { kind: "failure", status: null, words: readEximReply(told) };
  }
  const automatic = /^auto-(replied|generated|notified)/i.test(headerText(mail, "auto-submitted"));
  return { kind: "nothing", because: automatic ? "auto-reply" : "no report" };
}

/**
 * A reply's code (RFC 5321 4.2) or status (RFC 3463) where Exim writes it: at the start of the line or after what it says
 * of the host. Digits elsewhere are parts of an address, such as `joe512@` or `[2a00:1450::1a]`.
 */
const EXIM_REPLY = /(?:^ +|: )([45]\d\d(?:[ -]|$)|[45]\.\d{1,3}\.\d{1,3}(?![\d.]))/;

/** Line by line, so that what anybody may send here takes no longer than it is long. */
function readEximReply(told: string): string | null {
  for (const line of told.split("\n")) {
    if (!line.startsWith("    ")) continue;
    const at = line.search(EXIM_REPLY);
    if (at >= 0)
      return line
        .slice(at)
        .replace(/^[: ]+/, "")
        .trimEnd();
  }
  return null;
}

function readQmail(text: string): MailReport {
  const [, words = ""] = /\n<[^>\n]+>:\n([\s\S]*?)(?:\n\n|$)/.exec(text) ?? [];
  return {
    kind: "failure",
    status: /#([45]\.\d+\.\d+)\)?/.exec(words)?.[1] ?? null,
    words: words.replace(/\s+/g, " ").trim() || null,
  };
}

function headerText(mail: ParsedMail, name: string): string {
  const value = mail.headers.get(name);
  return typeof value === "string" ? value : "";
}
