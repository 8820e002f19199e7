"use client";

import { Notice } from "@/app/_components/notice";
import type { LocalCopy } from "./local-copy";
import type { SaveStage } from "./saver";

/** What stands in the way of a save, and what can be done about it. */
export function SaveNotices({
  stage,
  onKeepMine,
  onLoadTheirs,
}: {
  stage: SaveStage;
  onKeepMine: () => void;
  onLoadTheirs: () => void;
}) {
  if (stage.name === "refused") return <Notice tone="problem">{stage.problem}</Notice>;
  if (stage.name === "signed-out")
    return (
      <Notice tone="problem" title="You are signed out">
        <p>
          <a href="/sign-in?next=/admin" target="_blank" rel="noreferrer">
            Sign in again in another tab
          </a>
          . What you wrote is kept on this device and is saved as soon as you have.
        </p>
      </Notice>
    );
  if (stage.name !== "conflict") return null;
  return (
    <Notice tone="problem" title="Changed in another tab or device">
      <p>{stage.problem} What you write here is kept on this device.</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <button type="button" className="desk-quiet" onClick={onKeepMine}>
          Keep mine (theirs stays a revision)
        </button>
        <button type="button" className="desk-quiet" onClick={onLoadTheirs}>
          Load theirs
        </button>
      </div>
    </Notice>
  );
}

/** Words that a page left on this device when it went before they were saved. */
export function LeftCopy({
  copy,
  onBringBack,
  onThrowAway,
}: {
  copy: LocalCopy;
  onBringBack: () => void;
  onThrowAway: () => void;
}) {
  const typed = new Date(copy.typedAt).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  return (
    <Notice title="There are words on this device that were never saved">
      <p>
        Typed {typed}
        {copy.manuscript.title && `, in “${copy.manuscript.title}”`}.
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <button type="button" className="desk-quiet" onClick={onBringBack}>
          Bring them back
        </button>
        <button type="button" className="desk-quiet" onClick={onThrowAway}>
          Throw them away
        </button>
      </div>
    </Notice>
  );
}
