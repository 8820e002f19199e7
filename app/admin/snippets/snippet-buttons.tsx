"use client";

import { useActionState } from "react";
import { Button, type ButtonTone } from "@/app/_components/button";
import { Notice } from "@/app/_components/notice";
import type { FormState } from "@/lib/form";
import { deleteSnippetAction, restoreSnippetAction } from "./actions";

const EMPTY: FormState = { problem: null, fields: {}, typed: {} };

export function DeleteSnippet({ name }: { name: string }) {
  return <OneButton action={deleteSnippetAction} name={name} label="Delete this snippet" tone="danger" />;
}

export function RestoreSnippet({ name, label }: { name: string; label: string }) {
  return <OneButton action={restoreSnippetAction} name={name} label={label} tone="quiet" />;
}

function OneButton({
  action,
  name,
  label,
  tone,
}: {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  name: string;
  label: string;
  tone: ButtonTone;
}) {
  const [state, act, pending] = useActionState(action, EMPTY);
  return (
    <form action={act} className="grid gap-2">
      {state.problem && <Notice tone="problem">{state.problem}</Notice>}
      <input type="hidden" name="name" value={name} />
      <div>
        <Button tone={tone} disabled={pending}>
          {label}
        </Button>
      </div>
    </form>
  );
}
