"use client";

import { startTransition, useActionState, useState } from "react";
import { Button } from "@/app/_components/button";
import { Notice } from "@/app/_components/notice";
import { useUnsaved } from "@/app/admin/_desk/use-unsaved";
import { type SettingsState, saveSettingsAction } from "./actions";
import { MailFields } from "./mail-fields";
import { MembershipFields } from "./membership-fields";
import { PublicationFields } from "./publication-fields";
import "./settings.css";
import type { Settings, Values } from "./settings-fields";
import { SlotFields } from "./slot-fields";

const EMPTY: SettingsState = { problem: null, fields: {}, typed: {} };

/** What the page knows beside the settings themselves. */
type Known = { mailFrom: string; members: number; slots: readonly string[]; timeZones: readonly string[] };

export function SettingsForm({ saved, known }: { saved: Values; known: Known }) {
  const [state, action, pending] = useActionState(saveSettingsAction, EMPTY);
  const [values, setValues] = useState(saved);
  const unsaved = useUnsaved({ isRefused: state.problem !== null });
  const settings: Settings = {
    values,
    saved,
    problems: state.fields,
    set: (name, value) => setValues((before) => ({ ...before, [name]: value })),
  };
  return (
    <form
      ref={unsaved.form}
      className="settings"
      noValidate
      onChange={unsaved.onChange}
      onSubmit={(event) => {
        event.preventDefault();
        if (pending) return;
        unsaved.onSubmit();
        const form = new FormData(event.currentTarget);
        startTransition(() => action(form));
      }}
    >
      <fieldset disabled={!unsaved.ready} className="contents">
        {state.problem && <Refusal state={state} />}
        <PublicationFields settings={settings} />
        <MailFields settings={settings} mailFrom={known.mailFrom} />
        <SlotFields settings={settings} slots={known.slots} timeZones={known.timeZones} />
        <MembershipFields settings={settings} members={known.members} />
        <div className="settings-save">
          <Button disabled={pending}>{pending ? "Saving …" : "Save the settings"}</Button>
          <p role="status">
            {!pending && !unsaved.dirty && state.savedAt !== undefined && "Saved. The site shows it now."}
            {!pending && unsaved.dirty && <span className="desk-soft">Not saved yet.</span>}
          </p>
        </div>
      </fieldset>
    </form>
  );
}

/** What is wrong, each with the way to its field. */
function Refusal({ state }: { state: SettingsState }) {
  return (
    <Notice tone="problem" title="Nothing is saved yet">
      <ul className="list-disc pl-5">
        {Object.entries(state.fields).map(([name, message]) => (
          <li key={name}>
            <a href={`#${name}`}>{message}</a>
          </li>
        ))}
        {Object.keys(state.fields).length === 0 && <li>{state.problem}</li>}
      </ul>
    </Notice>
  );
}
