import type { MessageSummary } from "./record";
import type { MessageStore } from "./store";

/** Which messages are asked for. `to` as a whole address means exactly that one, otherwise any part of one. */
export type MessageFilter = {
  to?: string | undefined;
  subject?: string | undefined;
  /** Part of a recipient or of the subject. */
  q?: string | undefined;
  /** Only messages that came after this one. */
  since?: number | undefined;
};

const WHOLE_ADDRESS = /^[^@\s]+@[^@\s]+$/;

/** Whether a message is among those asked for. Upper and lower case are the same. */
export function matches(summary: MessageSummary, filter: MessageFilter): boolean {
  if (filter.since !== undefined && summary.id <= filter.since) return false;
  const to = filter.to?.trim().toLowerCase();
  if (to) {
    const found = WHOLE_ADDRESS.test(to)
      ? summary.to.some((address) => address.toLowerCase() === to)
      : summary.to.some((address) => address.toLowerCase().includes(to));
    if (!found) return false;
  }
  const subject = filter.subject?.trim().toLowerCase();
  if (subject && !summary.subject.toLowerCase().includes(subject)) return false;
  const q = filter.q?.trim().toLowerCase();
  if (!q) return true;
  return [summary.subject, ...summary.to].some((text) => text.toLowerCase().includes(q));
}

/** One page of matching messages, newest first, and how many match in all. */
export function listMatching(
  store: MessageStore,
  filter: MessageFilter,
  page: { limit: number; offset: number },
): { total: number; messages: MessageSummary[] } {
  const messages: MessageSummary[] = [];
  let total = 0;
  for (const summary of store.newestFirst()) {
    if (filter.since !== undefined && summary.id <= filter.since) break;
    if (!matches(summary, filter)) continue;
    if (total >= page.offset && messages.length < page.limit) messages.push(summary);
    total += 1;
  }
  return { total, messages };
}

/**
 * The first matching message after `since`; without `since` the newest one there is. Where there is none yet, waits for
 * it to arrive: null when the time is up or the signal fires.
 */
export function waitForMatch(
  store: MessageStore,
  filter: MessageFilter,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<MessageSummary | null> {
  const { messages } = listMatching(store, filter, { limit: Number.POSITIVE_INFINITY, offset: 0 });
  const known = filter.since === undefined ? messages[0] : messages.at(-1);
  if (known || signal.aborted) return Promise.resolve(known ?? null);
  return new Promise((resolve) => {
    const finish = (summary: MessageSummary | null) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      stop();
      resolve(summary);
    };
    const giveUp = () => finish(null);
    const timer = setTimeout(giveUp, timeoutMs);
    signal.addEventListener("abort", giveUp);
    const stop = store.onRecorded((summary) => {
      if (matches(summary, filter)) finish(summary);
    });
  });
}
