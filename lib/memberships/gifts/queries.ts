/** Paid gifts for the desk. Reads only. */
import type { Database } from "@/lib/db";
import type { Gift, Payment, Prisma } from "@/prisma/generated/client";
import { giftKey, receiptKey } from "./gift-mails";

export const GIFT_STATES = ["waiting", "redeemed", "held", "returned"] as const;
export type DeskGiftState = (typeof GIFT_STATES)[number];

type Person = { id: string; email: string };
export type DeskGift = Pick<
  Gift,
  | "id"
  | "months"
  | "amountCents"
  | "currency"
  | "buyerEmail"
  | "receiverEmail"
  | "receiverName"
  | "mailsReceiver"
  | "paidAt"
  | "redeemedAt"
  | "startsAt"
  | "endsAt"
> & {
  state: DeskGiftState;
  redeemedBy: Person | null;
  buyer: Person | null;
  /** How the newest mail to each fared; null where there is none, or none any more. */
  mails: { buyer: string | null; receiver: string | null };
};

const PAGE_SIZE = 50;
const PEOPLE = {
  redeemedBy: { select: { id: true, email: true } },
  buyer: { select: { id: true, email: true } },
} as const;

const WHERE: Readonly<Record<DeskGiftState, Prisma.GiftWhereInput>> = {
  waiting: { money: "KEPT", redeemedAt: null },
  redeemed: { money: "KEPT", redeemedAt: { not: null } },
  held: { money: "WITHHELD" },
  returned: { money: "RETURNED" },
};

function stateOf({ money, redeemedAt }: Gift): DeskGiftState {
  if (money === "RETURNED") return "returned";
  if (money === "WITHHELD") return "held";
  return redeemedAt === null ? "waiting" : "redeemed";
}

export type GiftList = {
  rows: DeskGift[];
  total: number;
  counts: Record<DeskGiftState, number>;
  page: number;
  pageCount: number;
};

/** Newest first. Pages count from 1; one past the end shows the last. */
export async function listGifts(
  db: Database,
  filter: { search?: string; state?: DeskGiftState; page?: number },
): Promise<GiftList> {
  const found = { paidAt: { not: null }, ...searchFor(filter.search) };
  const counted = await Promise.all(
    GIFT_STATES.map(
      async (state) => [state, await db.gift.count({ where: { ...found, ...WHERE[state] } })] as const,
    ),
  );
  const counts = Object.fromEntries(counted) as Record<DeskGiftState, number>;
  const total = filter.state ? counts[filter.state] : counted.reduce((sum, [, count]) => sum + count, 0);
  const pageCount = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const page = Math.min(Math.max(1, Math.trunc(filter.page ?? 1) || 1), pageCount);
  const gifts = await db.gift.findMany({
    where: { ...found, ...(filter.state && WHERE[filter.state]) },
    include: PEOPLE,
    orderBy: [{ paidAt: "desc" }, { id: "desc" }],
    take: PAGE_SIZE,
    skip: (page - 1) * PAGE_SIZE,
  });
  return { rows: await withMails(db, gifts), total, counts, page, pageCount };
}

/** Null for an unknown gift and for one that nobody paid. */
export async function getGift(
  db: Database,
  id: string,
): Promise<(DeskGift & { payments: Payment[] }) | null> {
  const gift = await db.gift.findFirst({ where: { id, paidAt: { not: null } }, include: PEOPLE });
  if (!gift) return null;
  const [shown] = await withMails(db, [gift]);
  const payments = await db.payment.findMany({ where: { giftId: id }, orderBy: { at: "asc" } });
  return shown ? { ...shown, payments } : null;
}

function searchFor(search: string | undefined): Prisma.GiftWhereInput {
  const words = search?.trim().slice(0, 200) ?? "";
  if (words === "") return {};
  const contains = { contains: words.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  return {
    OR: [
      { buyerEmail: contains },
      { receiverEmail: contains },
      { receiverName: contains },
      { redeemedBy: { email: contains } },
    ],
  };
}

type WithPeople = Gift & { redeemedBy: Person | null; buyer: Person | null };

async function withMails(db: Database, gifts: readonly WithPeople[]): Promise<DeskGift[]> {
  const keys = gifts.flatMap((gift) => [receiptKey(gift), giftKey(gift)]);
  const notices = await db.notice.findMany({
    where: { dedupeKey: { in: keys } },
    select: { dedupeKey: true, state: true },
  });
  const states = new Map(notices.map(({ dedupeKey, state }) => [dedupeKey, state]));
  return gifts.map((gift) => ({
    ...gift,
    state: stateOf(gift),
    mails: { buyer: states.get(receiptKey(gift)) ?? null, receiver: states.get(giftKey(gift)) ?? null },
  }));
}
