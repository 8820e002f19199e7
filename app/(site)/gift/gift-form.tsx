"use client";

import { useActionState } from "react";
import { Button } from "@/app/_components/button";
import { Field, FieldRow } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import type { FormState } from "@/lib/form";
import { MESSAGE_LENGTH } from "@/lib/memberships/gifts/schema";
import { buyGiftAction } from "./actions";
import { type Choice, ChoiceRow } from "./choice-row";

export function GiftForm({ prices, initial }: { prices: readonly Choice[]; initial: FormState }) {
  const [state, action, pending] = useActionState(buyGiftAction, initial);
  const { typed, fields } = state;
  return (
    <form action={action} className="grid gap-6">
      {state.problem && Object.keys(fields).length === 0 && <Notice tone="problem">{state.problem}</Notice>}
      <ChoiceRow
        name="months"
        legend="How long"
        choices={prices}
        chosen={typed.months ?? prices[0]?.value ?? ""}
        error={fields.months}
      />
      <Field
        id="buyerEmail"
        name="buyerEmail"
        type="email"
        label="Your e-mail address"
        hint="For the receipt with the link of the gift. The receiver sees it, to know who it is from."
        required
        maxLength={254}
        autoComplete="email"
        defaultValue={typed.buyerEmail ?? ""}
        error={fields.buyerEmail}
      />
      <ChoiceRow
        name="delivery"
        legend="How it gets there"
        choices={DELIVERIES}
        chosen={typed.delivery ?? "buyer"}
        error={fields.delivery}
      />
      <Field
        id="receiverEmail"
        name="receiverEmail"
        type="email"
        label="The receiver's e-mail address"
        hint="Only needed if we mail the gift. It gets this one mail."
        maxLength={254}
        autoComplete="off"
        defaultValue={typed.receiverEmail ?? ""}
        error={fields.receiverEmail}
      />
      <Field
        id="receiverName"
        name="receiverName"
        label="The receiver's name"
        hint="If you like: it stands above the gift."
        maxLength={80}
        autoComplete="off"
        defaultValue={typed.receiverName ?? ""}
        error={fields.receiverName}
      />
      <FieldRow
        id="message"
        label="A message"
        hint={`If you like, in at most ${MESSAGE_LENGTH} characters and without links.`}
        error={fields.message}
      >
        {(control) => (
          <textarea
            name="message"
            rows={4}
            maxLength={MESSAGE_LENGTH}
            defaultValue={typed.message ?? ""}
            {...control}
          />
        )}
      </FieldRow>
      <div>
        <Button disabled={pending}>Continue to payment</Button>
      </div>
    </form>
  );
}

const DELIVERIES: Choice[] = [
  { value: "buyer", label: "I pass it on", note: "You get a link, for a card or a mail of your own." },
  { value: "receiver", label: "By mail, now", note: "We send it once the payment has arrived." },
];
