import type { Verdict } from "./checker";

/** Each kind of anomaly that was found, with its number and the first of them. */
export function wordsOf({ anomalies }: Pick<Verdict, "anomalies">): string {
  const found = Object.entries(anomalies).filter(([, list]) => list.length > 0);
  if (found.length === 0) return "none";
  return found.map(([kind, list]) => `${kind} ${list.length} (${list.slice(0, 2).join(", ")})`).join("; ");
}

export function statesInWords(states: Record<string, number>): string {
  return Object.entries(states)
    .map(([state, count]) => `${count} ${state}`)
    .join(", ");
}
