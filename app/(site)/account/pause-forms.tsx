"use client";

import { ActionForm } from "@/app/_components/action-form";
import { CONTROL_CLASS } from "@/app/_components/field";
import type { FormState } from "@/lib/form";
import { pauseAction, resumeAction } from "./actions";

/** Closed until asked for; where no pause is possible, it says why. */
export function PausePart({
  refusal,
  paidUntil,
  initial,
}: {
  refusal: string | null;
  paidUntil: string | null;
  initial: FormState;
}) {
  if (refusal !== null) return <p className="text-sm text-ink-soft">{refusal}</p>;
  return (
    <details open={initial.problem !== null}>
      <summary className="py-2">Pause it for a while</summary>
      <div className="grid gap-3 pt-2">
        <p>
          Nothing is charged while it is paused. What is paid stays open{paidUntil && ` until ${paidUntil}`}.
          After that, members&rsquo; issues are closed until the pause is over. It goes on by itself, and you
          are reminded three days before.
        </p>
        <ActionForm action={pauseAction} label="Pause" initial={initial}>
          <label className="grid max-w-xs gap-1.5 text-sm font-medium">
            Charges to leave out
            <select name="months" defaultValue={initial.typed.months ?? "1"} className={CONTROL_CLASS}>
              <option value="1">the next one (1 month)</option>
              <option value="2">the next two (2 months)</option>
              <option value="3">the next three (3 months)</option>
            </select>
          </label>
        </ActionForm>
      </div>
    </details>
  );
}

/** `charge` is what resuming costs now; null while the paid time still runs. */
export function ResumeForm({ charge, initial }: { charge: string | null; initial: FormState }) {
  return (
    <ActionForm
      action={resumeAction}
      label={charge === null ? "Take the pause back" : `Go on now and pay ${charge}`}
      tone={charge === null ? "quiet" : "primary"}
      initial={initial}
    />
  );
}
