import type { Database, Transaction } from "@/lib/db";
import type { Prisma } from "@/prisma/generated/client";
import type { SubscriberStatus } from "@/prisma/generated/enums";
import { hasUsedTrial } from "./used-trial";

/** Reading subscribers for the desk and the command. Nothing here changes a row. */

export type SubscriberInList = {
  id: string;
  email: string;
  name: string;
  status: SubscriberStatus;
  createdAt: Date;
  membershipStatus: string | null;
};

export type SubscriberList = {
  rows: SubscriberInList[];
  /** Matching the search and the status. */
  total: number;
  /** Matching the search, by status. */
  counts: Record<SubscriberStatus, number>;
  page: number;
  pageCount: number;
};

export type SubscriberFilter = {
  search?: string;
  status?: SubscriberStatus;
  page?: number;
  pageSize?: number;
};

/** Newest first. Pages count from 1; one past the end shows the last. */
export async function listSubscribers(
  db: Database | Transaction,
  filter: SubscriberFilter = {},
): Promise<SubscriberList> {
  const pageSize = Math.min(Math.max(filter.pageSize ?? 50, 1), 200);
  const matching = searchFor(filter.search);
  const where = filter.status ? { ...matching, status: filter.status } : matching;
  const groups = await db.subscriber.groupBy({ by: ["status"], where: matching, _count: true });
  const counts = { PENDING: 0, CONFIRMED: 0, UNSUBSCRIBED: 0, SUPPRESSED: 0 };
  for (const group of groups) counts[group.status] = group._count;
  const total = filter.status
    ? counts[filter.status]
    : Object.values(counts).reduce((sum, count) => sum + count, 0);
  const pageCount = Math.max(1, Math.ceil(total / pageSize));
  const page = Math.min(Math.max(1, Math.trunc(filter.page ?? 1) || 1), pageCount);
  const rows = await db.subscriber.findMany({
    where,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    skip: (page - 1) * pageSize,
    take: pageSize,
    include: { membership: { select: { status: true } } },
  });
  return {
    rows: rows.map(({ id, email, name, status, createdAt, membership }) => ({
      id,
      email,
      name,
      status,
      createdAt,
      membershipStatus: membership?.status ?? null,
    })),
    total,
    counts,
    page,
    pageCount,
  };
}

function searchFor(search: string | undefined): Prisma.SubscriberWhereInput {
  const words = search?.trim().slice(0, 200) ?? "";
  if (words === "") return {};
  const contains = { contains: words.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" as const };
  return { OR: [{ email: contains }, { name: contains }] };
}

export type SubscriberHistory = NonNullable<Awaited<ReturnType<typeof getSubscriber>>>;

/** One person with the latest twenty mails of each kind; null when there is none. */
export async function getSubscriber(db: Database | Transaction, id: string) {
  const subscriber = await db.subscriber.findUnique({
    where: { id },
    include: {
      membership: true,
      deliveries: {
        orderBy: { createdAt: "desc" },
        take: 20,
        select: {
          state: true,
          sentAt: true,
          reply: true,
          createdAt: true,
          issue: { select: { slug: true, title: true, number: true } },
        },
      },
      notices: {
        orderBy: { createdAt: "desc" },
        take: 20,
        select: { kind: true, state: true, sentAt: true, createdAt: true },
      },
    },
  });
  return subscriber && { ...subscriber, hadTrial: await hasUsedTrial(db, subscriber) };
}
