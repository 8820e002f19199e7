import type { Draft } from "./actions";

/** What was typed and not saved yet, kept on this device. A browser that refuses to keep it only loses this safety. */
const keyOf = (issueId: string) => `masthead.manuscript.${issueId}`;

export function keepLocalCopy(draft: Draft): void {
  try {
    localStorage.setItem(keyOf(draft.issueId), JSON.stringify(draft));
  } catch {
    // Full or forbidden: the save to the server goes on as before.
  }
}

export function readLocalCopy(issueId: string): Draft | null {
  try {
    const text = localStorage.getItem(keyOf(issueId));
    return text === null ? null : (JSON.parse(text) as Draft);
  } catch {
    // Not readable is the same as not there.
    return null;
  }
}

export function removeLocalCopy(issueId: string): void {
  try {
    localStorage.removeItem(keyOf(issueId));
  } catch {
    // Nothing was kept.
  }
}
