"use client";

import { ActionForm } from "@/app/_components/action-form";
import { Field } from "@/app/_components/field";
import { mailGiftAgainAction } from "../actions";

export function MailAgainForm({
  giftId,
  to,
  email,
}: {
  giftId: string;
  to: "buyer" | "receiver";
  email: string;
}) {
  return (
    <ActionForm
      action={mailGiftAgainAction}
      label={`Mail it to the ${to}`}
      fields={{ giftId, to }}
      ownField="email"
    >
      {(state) => (
        <Field
          id={`${to}-email`}
          name="email"
          type="email"
          label={to === "buyer" ? "The buyer’s address" : "The receiver’s address"}
          required
          maxLength={254}
          autoComplete="off"
          defaultValue={state.typed.email ?? email}
          error={state.fields.email}
        />
      )}
    </ActionForm>
  );
}
