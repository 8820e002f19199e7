import type { Manuscript } from "@/lib/issues/open-for-editing";
import { type SaveAnswer, saveAnswer } from "./save-answer";

/** Brings one state of the page to the desk. Throws when no answer came that can be believed. */
export async function sendSave(request: {
  manuscript: Manuscript;
  version: number;
  keepsReplaced: boolean;
}): Promise<SaveAnswer> {
  const { issueId, version: _opened, document, ...fields } = request.manuscript;
  const response = await fetch(`/admin/issues/${issueId}/edit/save`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      version: request.version,
      keepsReplaced: request.keepsReplaced,
      changes: { ...fields, body: document },
    }),
  });
  return saveAnswer.parse(await response.json());
}
