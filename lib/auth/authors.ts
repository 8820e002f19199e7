/** Who writes here. An address, not a row of subscribers, so that the author is known before anybody signed in. */
import type { Database, Transaction } from "@/lib/db";
import { getEnv } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { parseAddress } from "@/lib/subscribers/address";

/** `email` in its stored form. */
export async function isAuthorAddress(
  db: Database | Transaction,
  email: string,
  authorEmail = getEnv().AUTHOR_EMAIL,
): Promise<boolean> {
  if (authorEmail !== undefined && email === authorEmail) return true;
  return (await db.author.count({ where: { email } })) > 0;
}

/** Everybody who may sign in to the desk, in stored form. */
export async function listAuthorAddresses(
  db: Database | Transaction,
  authorEmail = getEnv().AUTHOR_EMAIL,
): Promise<string[]> {
  const invited = await db.author.findMany({ select: { email: true }, orderBy: { email: "asc" } });
  const all = [...(authorEmail === undefined ? [] : [authorEmail]), ...invited.map((author) => author.email)];
  return [...new Set(all)];
}

/** Lets an address sign in to the desk. May run twice; false when it could already. Throws INVALID. */
export async function inviteAuthor(
  db: Database,
  typed: string,
  options: { now: Date },
): Promise<{ email: string; added: boolean }> {
  const address = parseAddress(typed);
  if (!address.ok) throw new DomainError("INVALID", address.problem, { fields: { email: address.problem } });
  const { count } = await db.author.createMany({
    data: [{ email: address.email, invitedAt: options.now }],
    skipDuplicates: true,
  });
  return { email: address.email, added: count === 1 };
}
