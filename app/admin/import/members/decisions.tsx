import { ActionForm } from "@/app/_components/action-form";
import type { MoveInRow } from "@/lib/memberships/move-in-queries";
import { canBeUndone } from "@/lib/memberships/move-in-undo";
import { chooseAction, leaveAction, openAction, undoAction } from "./actions";

/** What the author can do about one reader now. */
export function Decisions({ row, back }: { row: MoveInRow; back: string }) {
  const { subscriberId, state, candidates, paidUntil } = row;
  const fields = { subscriberId, back };
  if (canBeUndone(row)) return <ActionForm action={undoAction} label="Undo" fields={fields} />;
  if (state !== "PROPOSED" && state !== "UNDECIDED") return null;
  const choices = candidates.filter(({ isTaken }) => !isTaken);
  return (
    <div className="grid gap-2">
      {choices.map(({ customerId }) => (
        <ActionForm
          key={customerId}
          action={chooseAction}
          label={choices.length === 1 ? "Yes, move in" : `Move in ${customerId.slice(0, 12)}…`}
          fields={{ ...fields, customerId }}
        />
      ))}
      {paidUntil && paidUntil > new Date() && (
        <ActionForm action={openAction} label="Free until then" fields={fields} />
      )}
      <ActionForm
        action={leaveAction}
        label={state === "PROPOSED" ? "No, leave" : "Leave as free reader"}
        fields={fields}
      />
    </div>
  );
}
