/** A published issue with readers, for tests of sending. */
import type { Database } from "@/lib/db";
import type { ImageStorage } from "@/lib/issues/images/storage";
import { createIssue, createPublication, createSubscriber } from "@/prisma/factories";
import type { DeliveryState, SubscriberStatus } from "@/prisma/generated/enums";
import { prepareDeliveries } from "./prepare";

export const NOW = new Date("2026-11-20T09:00:00Z");

export function memoryImages(): ImageStorage {
  const kept = new Map<string, Buffer>();
  return {
    save: async (name, bytes) => void kept.set(name, Buffer.from(bytes)),
    read: async (name) => kept.get(name) ?? null,
  };
}

export const PUBLISHED = { state: "PUBLISHED", publishedAt: NOW } as const;

export async function createReaders(db: Database, count: number, status: SubscriberStatus = "CONFIRMED") {
  return Promise.all(Array.from({ length: count }, () => createSubscriber(db, { status })));
}

/** A publication, `readers` confirmed subscribers and an issue with its audience frozen. */
export async function prepareIssue(
  db: Database,
  options: { readers: number; issue?: Parameters<typeof createIssue>[1] },
) {
  await createPublication(db);
  const readers = await createReaders(db, options.readers);
  const issue = await createIssue(db, { ...PUBLISHED, ...options.issue });
  await prepareDeliveries(db, issue.id, { now: NOW, images: memoryImages() });
  return { issue, readers };
}

export async function countStates(db: Database): Promise<Partial<Record<DeliveryState, number>>> {
  const groups = await db.delivery.groupBy({ by: ["state"], _count: true });
  return Object.fromEntries(groups.map((group) => [group.state, group._count]));
}
