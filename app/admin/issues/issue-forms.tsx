"use client";

import { type FormEvent, type ReactNode, startTransition, useActionState, useRef, useState } from "react";
import { ActionForm, type ActionFormProps } from "@/app/_components/action-form";
import { Button } from "@/app/_components/button";
import { Field } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import { useReady } from "@/app/_components/use-ready";
import { useRefusal } from "@/app/_components/use-refusal";
import type { FormState } from "@/lib/form";
import { mailTestAction, scheduleAction } from "./actions";

const EMPTY: FormState = { problem: null, fields: {}, typed: {} };

/** One button that acts on an issue; `with` goes along unseen. */
export function IssueActionForm({
  issueId,
  with: more,
  ...form
}: Omit<ActionFormProps, "fields"> & { issueId: string; with?: Readonly<Record<string, string>> }) {
  return <ActionForm {...form} fields={{ issueId, ...more }} />;
}

/** Next slot, a moment, or now; "now" asks once more and says how many people it reaches. */
export function ScheduleForm({
  issueId,
  nextSlot,
  timeZone,
  at,
  isSet,
  onlyMoment,
  audience,
}: {
  issueId: string;
  nextSlot: string;
  timeZone: string;
  at: string;
  /** `at` is the moment that the issue is set for, and stays chosen until another is. */
  isSet: boolean;
  /** The other choices stand somewhere else on the page. */
  onlyMoment: boolean;
  audience: number;
}) {
  const [state, action, pending] = useActionState(scheduleAction, EMPTY);
  const ready = useReady();
  const [when, setWhen] = useState(isSet || onlyMoment ? "at" : "next-slot");
  const [moment, setMoment] = useState(at);
  const sure = useRef<HTMLDialogElement>(null);
  const notYet = useRef<HTMLButtonElement>(null);
  const form = useRef<HTMLFormElement>(null);
  useRefusal(state, form);
  const readers = `${audience.toLocaleString("en")} ${audience === 1 ? "reader" : "readers"}`;
  // Not through the form's own action: React would set the form back after it, and with it what was chosen.
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    if (when === "now" && sure.current?.returnValue !== "yes") {
      sure.current?.showModal();
      // Who presses Enter twice mails nobody.
      notYet.current?.focus();
      return;
    }
    const form = new FormData(event.currentTarget);
    startTransition(() => action(form));
  };
  const option = (value: string, label: ReactNode) => (
    <label className="flex min-h-9 items-center gap-2">
      <input
        type="radio"
        name="when"
        value={value}
        checked={when === value}
        onChange={() => setWhen(value)}
      />
      {label}
    </label>
  );
  const field = (
    <Field
      id="at"
      name="at"
      type="datetime-local"
      label={`Date and time in ${timeZone}`}
      value={moment}
      onChange={(event) => {
        setMoment(event.target.value);
        setWhen("at");
      }}
      error={state.fields.at}
    />
  );
  return (
    <form ref={form} className="grid gap-3" onSubmit={submit}>
      {state.problem && (
        <div data-refusal tabIndex={-1}>
          <Notice tone="problem">{state.problem}</Notice>
        </div>
      )}
      <input type="hidden" name="issueId" value={issueId} />
      {onlyMoment ? (
        <>
          <input type="hidden" name="when" value="at" />
          {field}
        </>
      ) : (
        <fieldset className="grid gap-1">
          <legend className="mb-1 font-medium">When</legend>
          {option("next-slot", <span>The next slot: {nextSlot}</span>)}
          {option("at", <span>At {isSet ? "this" : "another"} moment</span>)}
          <div className="pl-6">{field}</div>
          {option("now", <span>Now</span>)}
        </fieldset>
      )}
      <div>
        <Button disabled={!ready} aria-disabled={pending || undefined}>
          {when === "now" ? "Send now to" : "Schedule for"} {readers}
        </Button>
      </div>
      <dialog
        ref={sure}
        className="desk-dialog"
        aria-labelledby="sure-title"
        onClose={() => {
          if (sure.current?.returnValue === "yes") form.current?.requestSubmit();
          if (sure.current) sure.current.returnValue = "";
        }}
      >
        <h2 id="sure-title">Send it now?</h2>
        <p className="my-3">Within a minute it is on the site and on its way to {readers}.</p>
        <div className="flex flex-wrap gap-3">
          <Button type="button" onClick={() => sure.current?.close("yes")}>
            Send it now
          </Button>
          <Button ref={notYet} type="button" tone="quiet" onClick={() => sure.current?.close("no")}>
            Not yet
          </Button>
        </div>
      </dialog>
    </form>
  );
}

export function TestMailForm({
  issueId,
  email,
  forMembers,
}: {
  issueId: string;
  email: string;
  forMembers: boolean;
}) {
  return (
    <ActionForm
      action={mailTestAction}
      label={`Mail it to ${email}`}
      fields={forMembers ? { issueId } : { issueId, variant: "WHOLE" }}
    >
      {forMembers && (
        <label className="grid gap-1">
          <span className="font-medium">As it goes to</span>
          <select name="variant" className="desk-quiet bg-transparent" defaultValue="WHOLE">
            <option value="WHOLE">members, whole</option>
            <option value="TEASER">everyone else, to the paywall</option>
          </select>
        </label>
      )}
    </ActionForm>
  );
}
