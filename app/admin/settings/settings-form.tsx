"use client";

import { startTransition, useActionState, useState } from "react";
import { Button } from "@/app/_components/button";
import { Notice } from "@/app/_components/notice";
import { ProblemWords } from "@/app/_components/problem-words";
import { useRefusal } from "@/app/_components/use-refusal";
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
  // What the page shows as saved grows with every drawing; what is typed here began from the version that this tab knows.
  const [begunAt] = useState(saved.version);
  const version = state.fields.version ?? state.typed.version ?? state.savedVersion ?? begunAt;
  const unsaved = useUnsaved({ isRefused: state.problem !== null });
  useRefusal(state, unsaved.form);
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
        <input type="hidden" name="version" value={version} />
        {state.problem && (
          <div data-refusal tabIndex={-1}>
            <Refusal problem={state.problem} fields={state.fields} />
          </div>
        )}
        <PublicationFields settings={settings} />
        <MailFields settings={settings} mailFrom={known.mailFrom} />
        <SlotFields settings={settings} slots={known.slots} timeZones={known.timeZones} />
        <MembershipFields settings={settings} members={known.members} />
        <div className="settings-save">
          <Button aria-disabled={pending || undefined}>
            {pending ? "Saving …" : state.fields.version ? "Save mine over theirs" : "Save the settings"}
          </Button>
          <p role="status">
            {!pending &&
              !unsaved.dirty &&
              state.savedVersion !== undefined &&
              "Saved. The site shows it now."}
            {!pending && state.problem !== null && (
              <span className="desk-finding-stop">{refusedInShort(state)}</span>
            )}
            {!pending && state.problem === null && unsaved.dirty && (
              <span className="desk-soft">Not saved yet.</span>
            )}
          </p>
        </div>
      </fieldset>
    </form>
  );
}

/** Within sight of the button, wherever on the long page the rest is said. */
function refusedInShort({ problem, fields: { version, ...wrong } }: SettingsState): string {
  if (version) return "Not saved: changed in another tab or device.";
  const messages = Object.values(wrong);
  if (messages.length > 1) return `Not saved: ${messages.length} fields need another look.`;
  return `Not saved. ${messages[0] ?? problem}`;
}

/** What is wrong, each with the way to its field. */
function Refusal({ problem, fields: { version, ...fields } }: { problem: string; fields: Values }) {
  const named = Object.entries(fields);
  return (
    <Notice tone="problem" title={version ? "Changed in another tab or device" : "Nothing is saved yet"}>
      {version && (
        <p className="mb-2">
          {problem} Save yours over it, or <a href="/admin/settings">load theirs</a>. This is different there:
        </p>
      )}
      <ul className="list-disc pl-5">
        {named.map(([name, message]) => (
          <li key={name}>
            <a href={`#${name}`}>{version ? inWords(name) : message}</a>
            {version && ` ${message}`}
          </li>
        ))}
        {named.length === 0 && (
          <li>
            <ProblemWords>{problem}</ProblemWords>
          </li>
        )}
      </ul>
    </Notice>
  );
}

/** `replyTo` as "Reply to". */
function inWords(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
