"use client";

import { useActionState } from "react";
import { Button, type ButtonTone } from "@/app/_components/button";
import { Field } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import type { FormState } from "@/lib/form";
import { askToJoinAction, openPortalAction, startCheckoutAction } from "./actions";

/** For somebody we do not know yet: the address first, then a code, then the card. */
export function AddressForm({ issue, initial }: { issue: string; initial: FormState }) {
  const [state, action, pending] = useActionState(askToJoinAction, initial);
  return (
    <form action={action} className="grid gap-4">
      {state.problem && !state.fields.email && <Notice tone="problem">{state.problem}</Notice>}
      <Field
        id="email"
        name="email"
        type="email"
        label="Your e-mail address"
        hint="We mail you a code, so that the membership is yours and nobody else's. The card comes after."
        required
        maxLength={254}
        autoComplete="email"
        defaultValue={state.typed.email ?? ""}
        error={state.fields.email}
      />
      <input type="hidden" name="issue" value={issue} />
      <div>
        <Button disabled={pending}>Continue</Button>
      </div>
    </form>
  );
}

export function CheckoutForm({
  issue,
  label,
  initial,
}: {
  issue: string;
  label: string;
  initial: FormState;
}) {
  const [state, action, pending] = useActionState(startCheckoutAction, initial);
  return (
    <form action={action} className="grid gap-4">
      {state.problem && <Notice tone="problem">{state.problem}</Notice>}
      <input type="hidden" name="issue" value={issue} />
      <div>
        <Button disabled={pending}>{label}</Button>
      </div>
    </form>
  );
}

export function PortalForm({
  label,
  tone = "quiet",
  initial,
}: {
  label: string;
  tone?: ButtonTone;
  initial: FormState;
}) {
  const [state, action, pending] = useActionState(openPortalAction, initial);
  return (
    <form action={action} className="grid gap-4">
      {state.problem && <Notice tone="problem">{state.problem}</Notice>}
      <div>
        <Button tone={tone} disabled={pending}>
          {label}
        </Button>
      </div>
    </form>
  );
}
