import type { MessageStore } from "./store";

export type MailboxStats = {
  total: number;
  /** Messages older than the newest `maxMessages`, gone since the start. Where it is not 0, the rest is no full count. */
  forgotten: number;
  uniqueRecipients: number;
  duplicates: { messageId: string; to: string; count: number }[];
};

/** Counts what is listed now. A duplicate is one Message-ID that came more than once to one address. */
export function countMessages(store: MessageStore): MailboxStats {
  const recipients = new Set<string>();
  const copies = new Map<string, { messageId: string; to: string; count: number }>();
  for (const { to, messageId } of store.newestFirst()) {
    for (const address of to) {
      const recipient = address.toLowerCase();
      recipients.add(recipient);
      if (messageId === null) continue;
      const key = `${messageId}\n${recipient}`;
      const copy = copies.get(key);
      if (copy) copy.count += 1;
      else copies.set(key, { messageId, to: recipient, count: 1 });
    }
  }
  return {
    total: store.total,
    forgotten: store.forgotten,
    uniqueRecipients: recipients.size,
    duplicates: [...copies.values()].filter(({ count }) => count > 1),
  };
}
