/**
 * What was mailed, as an archive holds it: the ledger in its compacted form, whether or not it was compacted yet, the
 * frozen mails that show any copy again, and what came back. What still waits to be sent is not part of it.
 */
import { z } from "zod";
import type { Transaction } from "@/lib/db";
import { skipGivenIds } from "@/lib/deliveries/delivery-ids";
import { LEDGER_ROWS, type LedgerRow } from "@/lib/deliveries/ledger-rows";
import { Prisma } from "@/prisma/generated/client";
import { DeliveryState, MailVariant } from "@/prisma/generated/enums";

const PAGE = 1_000;

/** Numbers of 64 bits travel as text. */
const int64 = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .transform(BigInt);
const mailedSchema = z.object({
  id: int64,
  issueId: z.string(),
  subscriberId: z.string().nullable(),
  state: z.enum(DeliveryState),
  variant: z.enum(MailVariant).nullable(),
  statusLineId: z.number().int().nullable(),
  messageHash: int64.nullable(),
  attempt: z.number().int(),
  smtpCode: z.number().int().nullable(),
  enhancedCode: z.string().nullable(),
  reply: z.string().nullable(),
  at: z.iso.datetime(),
});

const LEFT_BEHIND = "it was not known whether it arrived when this installation moved";

/** One page of what is settled, by id. Of an uncertain mail nobody can decide elsewhere: it is told as failed. */
export async function listMailed(tx: Transaction, after: string | undefined): Promise<{ id: string }[]> {
  const rows = await tx.$queryRaw<LedgerRow[]>`
    SELECT r.* FROM ${LEDGER_ROWS} r
    WHERE r.id > ${BigInt(after ?? 0)} AND r.state IN ('SENT', 'FAILED', 'SKIPPED', 'UNCERTAIN')
    ORDER BY r.id LIMIT ${PAGE}`;
  return rows.map(({ past: _past, sentAt: _sent, nextAttemptAt: _next, ...row }) => ({
    ...row,
    id: String(row.id),
    messageHash: row.messageHash === null ? null : String(row.messageHash),
    ...(row.state === "SENT" && { reply: null, enhancedCode: null }),
    ...(row.state === "UNCERTAIN" && { state: "FAILED", reply: LEFT_BEHIND }),
  }));
}

/** How many it wrote. Throws a ZodError where a row is none. Later deliveries get numbers after those that came. */
export async function fillMailed(
  tx: Transaction,
  rows: Iterable<object>,
  { startedAt }: { startedAt: Date },
): Promise<number> {
  const ledgers = new Map<string, number>();
  let count = 0;
  let batch: Prisma.PastDeliveryCreateManyInput[] = [];
  const write = async () => {
    await tx.pastDelivery.createMany({ data: batch });
    count += batch.length;
    batch = [];
  };
  for (const given of rows) {
    const { issueId, ...row } = mailedSchema.parse(given);
    let ledgerId = ledgers.get(issueId);
    if (ledgerId === undefined) {
      ledgerId = (await tx.pastLedger.create({ data: { issueId, startedAt } })).id;
      ledgers.set(issueId, ledgerId);
    }
    batch.push({ ...row, ledgerId });
    if (batch.length === PAGE) await write();
  }
  await write();
  await skipGivenIds(tx);
  return count;
}

export async function fillStatusLines(
  tx: Transaction,
  rows: Prisma.StatusLineCreateManyInput[],
): Promise<void> {
  await tx.statusLine.createMany({ data: rows });
  await tx.$executeRaw`
    SELECT setval(pg_get_serial_sequence('"StatusLine"', 'id'), (SELECT max(id) FROM "StatusLine"))
    WHERE EXISTS (SELECT 1 FROM "StatusLine")`;
}

/** Rows of the archive's list as the table takes them. */
export function asBounce(row: Record<string, unknown>): Prisma.BounceCreateManyInput {
  const deliveryId = int64.nullable().parse(row.deliveryId ?? null);
  return { ...row, deliveryId } as Prisma.BounceCreateManyInput;
}

export function asFrozenMail(row: Record<string, unknown>): Prisma.FrozenMailCreateManyInput {
  return { ...row, sender: row.sender ?? Prisma.DbNull } as Prisma.FrozenMailCreateManyInput;
}
