/**
 * The identifiers of an issue's mails as Postgres computes them, for thousands of readers at once: those of
 * `issueMessageId`, HMAC-SHA256 (RFC 2104) made of the plain hash that Postgres has built in, since a keyed one would
 * need an extension.
 */
import type { Database } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { messageIdAt, messageIdKey } from "@/lib/mail/headers";
import { Prisma } from "@/prisma/generated/client";

const BLOCK = 64;

/** What stands for one reader in the identifier: an expression over the column or value `subscriberId`. */
export function readerMark(issueId: string, subscriberId: Prisma.Sql): Prisma.Sql {
  const { inner, outer } = hmacPads(messageIdKey(issueId));
  return Prisma.sql`left(
    encode(sha256(${outer} || sha256(${inner} || convert_to(${subscriberId}, 'UTF8'))), 'hex'), 20)`;
}

/** The delivery of a compacted ledger, which keeps no identifiers: made again for each of its readers. `bare` is without brackets. */
export async function findPastByMessageId(
  db: Database,
  issueId: string,
  bare: string,
): Promise<bigint | null> {
  const mark = bare.slice(issueId.length + 1, issueId.length + 21);
  if (messageIdAt(`${issueId}.${mark}`, getEnv().MAIL_FROM) !== `<${bare}>`) return null;
  const [row] = await db.$queryRaw<{ id: bigint }[]>`
    SELECT p.id FROM "PastDelivery" p JOIN "PastLedger" l ON l.id = p."ledgerId"
    WHERE l."issueId" = ${issueId} AND ${readerMark(issueId, Prisma.sql`p."subscriberId"`)} = ${mark} LIMIT 1`;
  return row?.id ?? null;
}

function hmacPads(key: Buffer): { inner: Buffer; outer: Buffer } {
  const block = Buffer.concat([key, Buffer.alloc(BLOCK - key.length)]);
  return {
    inner: Buffer.from(block.map((byte) => byte ^ 0x36)),
    outer: Buffer.from(block.map((byte) => byte ^ 0x5c)),
  };
}
