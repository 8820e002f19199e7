/** Whether the mail server takes nothing at this moment, by what it said last. Pure. */

/** What was said to mail that waits, and when, or any moment before. */
export type Answer = { reply: string; at: Date };

/**
 * The newest answer, where the server has taken nothing since; else null: then it was about one message alone, or is over.
 */
export function refusalSince(lastTakenAt: Date | null, answers: readonly Answer[]): string | null {
  const [newest] = [...answers].sort((one, other) => other.at.getTime() - one.at.getTime());
  if (!newest || (lastTakenAt !== null && lastTakenAt > newest.at)) return null;
  return newest.reply;
}
