"use client";

import { useEffect, useRef, useState } from "react";
import { Button } from "@/app/_components/button";
import { DocumentEditor } from "@/app/admin/_editor/document-editor";
import type { Manuscript as ManuscriptValues, Nameable } from "@/lib/issues/open-for-editing";
import { IssueFields } from "./issue-fields";
import { type LocalCopy, listLeftCopies, removeLocalCopy } from "./local-copy";
import { LeftCopy, SaveNotices } from "./save-notices";
import { SaveState } from "./save-state";
import { useSaver } from "./use-saver";
import "./edit.css";

/** The page on which an issue is written: saved by itself, kept on this device until it is, told of other tabs. */
export function Manuscript({ manuscript, nameable }: { manuscript: ManuscriptValues; nameable: Nameable }) {
  const [values, setValues] = useState(manuscript);
  const [text, setText] = useState({ round: 0, document: manuscript.document });
  const [left, setLeft] = useState<readonly LocalCopy[]>([]);
  const latest = useRef(values);
  const { saver, stage } = useSaver(manuscript);

  useEffect(() => {
    void listLeftCopies(manuscript.issueId).then(setLeft);
  }, [manuscript.issueId]);

  const change = (changes: Partial<ManuscriptValues>) => {
    latest.current = { ...latest.current, ...changes };
    setValues(latest.current);
    saver?.change(latest.current);
  };
  const forget = (copy: LocalCopy) => {
    removeLocalCopy(copy.key);
    setLeft((before) => before.filter(({ key }) => key !== copy.key));
  };
  const bringBack = (copy: LocalCopy) => {
    change({ ...copy.manuscript, version: manuscript.version });
    setText(({ round }) => ({ round: round + 1, document: copy.manuscript.document }));
    forget(copy);
  };
  const problems = stage.name === "refused" ? stage.fields : {};

  return (
    <div className="edit-page">
      <div className="edit-main">
        <SaveNotices
          stage={stage}
          onKeepMine={() => void saver?.keepMine()}
          onLoadTheirs={() => window.location.reload()}
        />
        {left[0] && (
          <LeftCopy
            copy={left[0]}
            onBringBack={() => left[0] && bringBack(left[0])}
            onThrowAway={() => left[0] && forget(left[0])}
          />
        )}
        {/* What is typed before the page is alive would be lost, so nothing can be typed until then. */}
        <fieldset disabled={!saver} className="edit-head">
          <HeadLine
            name="title"
            label="Title"
            value={values.title}
            problem={problems.title}
            onType={(title) => change({ title })}
          />
          <HeadLine
            name="subtitle"
            label="Subtitle"
            value={values.subtitle}
            problem={problems.subtitle}
            onType={(subtitle) => change({ subtitle })}
          />
        </fieldset>
        {saver && (
          <DocumentEditor
            key={text.round}
            label="Text"
            document={text.document}
            surroundings={nameable}
            onChange={(document) => change({ document })}
          />
        )}
        {problems.body && <p className="text-bad">{problems.body}</p>}
      </div>
      <div className="edit-side">
        <div className="edit-save">
          <SaveState stage={stage} document={values.document} />
          <Button type="button" disabled={!saver} onClick={() => void saver?.flush()}>
            Save now
          </Button>
        </div>
        <fieldset disabled={!saver} className="contents">
          <IssueFields values={values} problems={problems} onChange={change} />
        </fieldset>
      </div>
    </div>
  );
}

function HeadLine({
  name,
  label,
  value,
  problem,
  onType,
}: {
  name: "title" | "subtitle";
  label: string;
  value: string;
  problem: string | undefined;
  onType: (value: string) => void;
}) {
  return (
    <div>
      <label htmlFor={name} className="sr-only">
        {label}
      </label>
      <textarea
        id={name}
        rows={1}
        className={`edit-${name}`}
        placeholder={label}
        value={value}
        onChange={(event) => onType(event.target.value.replace(/\n/g, " "))}
        {...(problem && { "aria-invalid": true, "aria-describedby": `${name}-problem` })}
      />
      {problem && (
        <p id={`${name}-problem`} className="text-sm text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}
