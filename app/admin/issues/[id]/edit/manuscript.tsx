"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { Button } from "@/app/_components/button";
import { CONTROL_CLASS, Field, FieldRow } from "@/app/_components/field";
import { Notice } from "@/app/_components/notice";
import { type Draft, type SaveAnswer, saveAction, saveFormAction } from "./actions";
import { keepLocalCopy, readLocalCopy, removeLocalCopy } from "./local-copy";
import { type SaveStage, SaveState } from "./save-state";

const REST_MS = 1_500;
const RETRY_MS = 5_000;

/** The page on which an issue is written: saved by itself, kept on this device until it is, told of other tabs. */
export function Manuscript({ draft }: { draft: Draft }) {
  const [values, setValues] = useState(draft);
  const [stage, setStage] = useState<SaveStage>({ name: "saved", at: null });
  const [answer, setAnswer] = useState<SaveAnswer | null>(null);
  const [found, setFound] = useState<Draft | null>(null);
  const [ready, setReady] = useState(false);
  const version = useRef(Number(draft.version));
  const latest = useRef(values);
  const saving = useRef(false);
  const dirty = useRef(false);
  const blocked = useRef(false);

  const save = useCallback(async () => {
    if (saving.current || !dirty.current || blocked.current) return;
    saving.current = true;
    dirty.current = false;
    setStage({ name: "saving" });
    try {
      const result = await saveAction({ ...latest.current, version: version.current });
      setAnswer(result);
      if (result.outcome === "saved") {
        version.current = result.version;
        if (!dirty.current) removeLocalCopy(draft.issueId);
        setStage({ name: dirty.current ? "unsaved" : "saved", at: result.savedAt });
      } else {
        dirty.current = true;
        blocked.current = result.outcome === "conflict";
        setStage({ name: result.outcome });
      }
    } catch {
      dirty.current = true;
      setStage({ name: "offline" });
      setTimeout(() => void save(), RETRY_MS);
    } finally {
      saving.current = false;
    }
  }, [draft.issueId]);

  // What is typed before the page is alive would be lost, so nothing can be typed until then.
  useEffect(() => setReady(true), []);

  useEffect(() => {
    const copy = readLocalCopy(draft.issueId);
    if (copy && copy.markdown !== draft.markdown) setFound(copy);
  }, [draft]);

  useEffect(() => {
    if (latest.current === values) return;
    latest.current = values;
    dirty.current = true;
    keepLocalCopy(values);
    setStage((before) => (before.name === "conflict" ? before : { name: "unsaved", at: null }));
    const timer = setTimeout(() => void save(), REST_MS);
    return () => clearTimeout(timer);
  }, [values, save]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
      event.preventDefault();
      void save();
    };
    const onLeave = (event: BeforeUnloadEvent) => {
      if (dirty.current) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener("beforeunload", onLeave);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("beforeunload", onLeave);
    };
  }, [save]);

  const set = (name: keyof Draft) => (event: { target: { value: string } }) =>
    setValues((before) => ({ ...before, [name]: event.target.value }));
  const problems = answer?.outcome === "refused" ? answer.fields : {};
  const keepMine = () => {
    if (answer?.outcome !== "conflict") return;
    version.current = answer.version;
    blocked.current = false;
    void save();
  };

  return (
    <form
      action={saveFormAction}
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset disabled={!ready} className="contents">
        <input type="hidden" name="issueId" value={draft.issueId} />
        <input type="hidden" name="version" value={String(draft.version)} />
        {answer?.outcome === "conflict" && (
          <Notice tone="problem" title="Changed in another tab or device">
            <p>{answer.problem} What you wrote here is kept on this device.</p>
            <div className="mt-2 flex flex-wrap gap-2">
              <button type="button" className="desk-quiet" onClick={keepMine}>
                Keep mine (theirs stays a revision)
              </button>
              <button
                type="button"
                className="desk-quiet"
                onClick={() => {
                  dirty.current = false;
                  window.location.reload();
                }}
              >
                Load theirs
              </button>
            </div>
          </Notice>
        )}
        {found && (
          <Notice title="There are words on this device that were never saved">
            <div className="mt-2 flex flex-wrap gap-2">
              <button
                type="button"
                className="desk-quiet"
                onClick={() => {
                  setValues({ ...found, version: draft.version });
                  setFound(null);
                }}
              >
                Bring them back
              </button>
              <button
                type="button"
                className="desk-quiet"
                onClick={() => {
                  removeLocalCopy(draft.issueId);
                  setFound(null);
                }}
              >
                Throw them away
              </button>
            </div>
          </Notice>
        )}
        {answer?.outcome === "refused" && <Notice tone="problem">{answer.problem}</Notice>}
        <Field
          id="title"
          name="title"
          label="Title"
          value={values.title}
          onChange={set("title")}
          error={problems.title}
        />
        <Field
          id="subtitle"
          name="subtitle"
          label="Subtitle"
          value={values.subtitle}
          onChange={set("subtitle")}
          error={problems.subtitle}
        />
        <FieldRow
          id="markdown"
          label="Text, in Markdown"
          hint="A line with ::paywall ends the free part. Blocks such as ::subscribe, ::snippet and :::picks are described in the documentation of the document."
          error={problems.body}
        >
          {(control) => (
            <textarea
              {...control}
              name="markdown"
              rows={28}
              spellCheck
              value={values.markdown}
              onChange={set("markdown")}
              className={`${CONTROL_CLASS} font-mono text-[0.9375rem] leading-relaxed`}
            />
          )}
        </FieldRow>
        <SaveState stage={stage} words={values.markdown.split(/\s+/).filter(Boolean).length} />
        {answer?.outcome === "saved" && answer.notes.length > 0 && (
          <Notice title="Look at these">
            <ul>
              {answer.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </Notice>
        )}
        <div className="desk-grid">
          <Field
            id="slug"
            name="slug"
            label="Address (/p/…)"
            value={values.slug}
            onChange={set("slug")}
            error={problems.slug}
          />
          <FieldRow id="audience" label="Open to">
            {(control) => (
              <select {...control} name="audience" value={values.audience} onChange={set("audience")}>
                <option value="EVERYONE">everyone</option>
                <option value="MEMBERS">members (others read to the paywall)</option>
              </select>
            )}
          </FieldRow>
          <Field
            id="subject"
            name="subject"
            label="Subject of the mail"
            hint="Empty means the title."
            value={values.subject}
            onChange={set("subject")}
            error={problems.subject}
          />
          <Field
            id="preheader"
            name="preheader"
            label="Preheader"
            hint="What inboxes show after the subject."
            value={values.preheader}
            onChange={set("preheader")}
            error={problems.preheader}
          />
        </div>
        <div>
          <Button>Save now</Button>
        </div>
      </fieldset>
    </form>
  );
}
