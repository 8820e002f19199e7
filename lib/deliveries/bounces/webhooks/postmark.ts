/** Postmark's bounce and spam complaint webhooks. They are not signed: Postmark sends the password in the address (Basic). */
import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { keyedHash } from "@/lib/tokens";
import { NotBelieved, type ProviderEvent, readJson, type WebhookRequest } from "./event";

const record = z.object({
  RecordType: z.string(),
  /** Of 64 bits, and so rounded by JSON.parse: two bounces may have the same, of the same person they do no harm. */
  ID: z.union([z.number(), z.string()]),
  Type: z.string(),
  Email: z.string(),
  Details: z.string().optional(),
  Description: z.string().optional(),
});

/** What each type says where the details hold no code. Types that are not here are no bounces. */
const STATUS: Readonly<Record<string, string>> = {
  HardBounce: "5.0.0",
  BadEmailAddress: "5.1.1",
  SoftBounce: "4.0.0",
  DnsError: "4.4.0",
  Undeliverable: "4.0.0",
  Blocked: "5.7.0",
  SpamNotification: "5.7.0",
  VirusNotification: "5.7.0",
  DMARCPolicy: "5.7.0",
};

/** Throws NotBelieved without the password, which also may stand in `?token=`. */
export function readPostmark(request: WebhookRequest, options: { secret: string }): ProviderEvent[] {
  const basic = /^Basic ([\w+/=]+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const pair = Buffer.from(basic ?? "", "base64").toString("utf8");
  const given = basic ? pair.slice(pair.indexOf(":") + 1) : (request.url.searchParams.get("token") ?? "");
  if (!isSame(given, options.secret)) throw new NotBelieved("It does not know the password.");
  const parsed = record.safeParse(readJson(request.body));
  if (!parsed.success) return [];
  const { RecordType, ID, Type, Email, Details = "", Description } = parsed.data;
  const id = `${ID}:${Type}:${keyedHash("address", Email)}`;
  const about = { id, recipient: Email, returnPath: null, messageId: null };
  if (RecordType === "SpamComplaint" || Type === "SpamComplaint") return [{ ...about, complaint: true }];
  const status = STATUS[Type];
  if (RecordType !== "Bounce" || !status) return [];
  const words = Details || Description || null;
  // Of a passing failure the details may well hold the other server's 5.x; Postmark knows better.
  const exact = new RegExp(`\\b${status[0]}\\.\\d{1,3}\\.\\d{1,3}\\b`).exec(Details)?.[0];
  const told = status.endsWith(".0.0") ? (exact ?? status) : status;
  return [{ ...about, complaint: false, code: null, status: told, words }];
}

function isSame(given: string, secret: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}
