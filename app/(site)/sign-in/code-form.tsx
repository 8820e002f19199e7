"use client";

import { useActionState } from "react";
import { Button } from "@/app/_components/button";
import { Field } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import type { FormState } from "@/lib/form";
import { typeCodeAction } from "./actions";

/** `token` comes from the link of the mail, where the code is typed in another browser than the one that asked. */
export function CodeForm({ token, initial }: { token?: string; initial: FormState }) {
  const [state, action, pending] = useActionState(typeCodeAction, initial);
  return (
    <form action={action} className="grid gap-4">
      {state.problem && !state.fields.code && <Notice tone="problem">{state.problem}</Notice>}
      <Field
        id="code"
        name="code"
        label="Code from the mail"
        required
        maxLength={20}
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        className="font-mono tracking-[0.2em] uppercase"
        defaultValue={state.typed.code ?? ""}
        error={state.fields.code}
      />
      {token !== undefined && <input type="hidden" name="token" value={token} />}
      <div>
        <Button disabled={pending}>Sign in</Button>
      </div>
    </form>
  );
}
