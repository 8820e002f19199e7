"use client";

import { ActionForm } from "@/app/_components/action-form";
import type { ButtonTone } from "@/app/_components/button";
import { Field } from "@/app/_components/field";
import type { FormState } from "@/lib/form";
import { askToJoinAction, openPortalAction, startCheckoutAction } from "./actions";
import type { Choice } from "./choice";

/** For somebody we do not know yet: the address first, then a code, then the card. */
export function AddressForm({ choice, initial }: { choice: Choice; initial: FormState }) {
  return (
    <ActionForm
      action={askToJoinAction}
      label="Continue"
      tone="primary"
      fields={choice}
      initial={initial}
      ownField="email"
    >
      {(state) => (
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
      )}
    </ActionForm>
  );
}

export function CheckoutForm({
  choice,
  label,
  initial,
}: {
  choice: Choice;
  label: string;
  initial: FormState;
}) {
  return (
    <ActionForm action={startCheckoutAction} label={label} tone="primary" fields={choice} initial={initial} />
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
  return <ActionForm action={openPortalAction} label={label} tone={tone} initial={initial} />;
}
