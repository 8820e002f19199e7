import { getDatabase } from "@/lib/db";
import { inspectUndoLink } from "@/lib/subscribers/unsubscribe";
import { undoAction } from "./actions";
import { PersonActionForm } from "./person-action-form";

/** Takes the author's own unsubscribing back, while the token of it lasts. Nobody else's farewell can be undone here. */
export async function UndoForm({ subscriberId, token }: { subscriberId: string; token: string }) {
  if (token === "") return null;
  const undo = await inspectUndoLink(getDatabase(), token, { now: new Date() });
  if (undo?.subscriberId !== subscriberId || undo.isBack) return null;
  return <PersonActionForm action={undoAction} subscriberId={subscriberId} token={token} label="Undo" />;
}
