"use client";

import { ActionForm } from "@/app/_components/action-form";
import { Field } from "@/app/_components/field";
import type { FormState } from "@/lib/form";
import { openGiftAction, redeemGiftAction } from "../actions";

export function RedeemForm({ token, email, initial }: { token: string; email: string; initial: FormState }) {
  return (
    <ActionForm
      action={redeemGiftAction}
      label="Redeem the gift"
      tone="primary"
      fields={{ token }}
      initial={initial}
    >
      <p>
        You are signed in as <strong>{email}</strong>, and the gift becomes yours. Somebody else&rsquo;s
        account? <a href="/account">Sign out there</a> first.
      </p>
    </ActionForm>
  );
}

/** The link alone signs nobody in: the address comes first, then a code. */
export function WhoAreYouForm({ token, initial }: { token: string; initial: FormState }) {
  return (
    <ActionForm
      action={openGiftAction}
      label="Continue"
      tone="primary"
      fields={{ token }}
      initial={initial}
      ownField="email"
    >
      {(state) => (
        <Field
          id="email"
          name="email"
          type="email"
          label="Your e-mail address"
          hint="We mail you a code, so that the gift is yours and nobody else's. Each new issue comes to it by mail."
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
