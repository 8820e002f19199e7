import { notFound } from "next/navigation";
import { z } from "zod";
import { requireAuthor } from "@/lib/auth/viewer";
import { getDatabase } from "@/lib/db";
import { getReceivedMail, type ReceivedMail } from "@/lib/deliveries/received-mail";
import { DomainError } from "@/lib/errors";

const params = z.object({ id: z.uuid(), deliveryId: z.string().regex(/^\d{1,18}$/) });

/** The copy that one reader got, for the author's eyes; not found for everything else. */
export async function requireReceived(given: { id: string; deliveryId: string }): Promise<ReceivedMail> {
  await requireAuthor(`/admin/issues/${encodeURIComponent(given.id)}`);
  const read = params.safeParse(given);
  if (!read.success) notFound();
  try {
    const mail = await getReceivedMail(getDatabase(), BigInt(read.data.deliveryId));
    if (mail.issueId !== read.data.id) notFound();
    return mail;
  } catch (error) {
    if (error instanceof DomainError && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
