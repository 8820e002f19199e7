"use client";

import { Notice } from "@/app/_components/notice";
import type { Problem } from "./use-snippet";

/** Why it was not saved, with what another tab saved in between. */
export function SaveProblem({ problem: { problem, fields }, name }: { problem: Problem; name: string }) {
  const { theirTitle, theirMarkdown } = fields;
  if (theirMarkdown === undefined) return <Notice tone="problem">{problem}</Notice>;
  return (
    <Notice tone="problem" title="Changed in another tab or device">
      <p>{problem}</p>
      <p className="mt-2">What was saved there, under the title “{theirTitle}”:</p>
      <pre
        className="my-2 max-h-48 overflow-auto border border-line p-2 text-sm whitespace-pre-wrap"
        tabIndex={0}
      >
        {theirMarkdown}
      </pre>
      <p>
        Save yours over it, or <a href={`/admin/snippets/${name}`}>load theirs</a>.
      </p>
    </Notice>
  );
}
