"use client";

import { useRef, useState } from "react";
import type { ImportLine } from "./import-answer";

export type Progress = Extract<ImportLine, { share: number }>;
export type Outcome = Exclude<ImportLine, Progress>;

const NO_ANSWER =
  "The connection broke before the import was done. Import the same file again: what came in stays and nothing comes twice.";

/** Sends a file as it is, or none, and follows the lines that come back. The form keeps everything that was chosen. */
export function useImport(address: string) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const busy = useRef(false);

  async function start(file: File | null, parameters: Record<string, string>) {
    if (busy.current) return;
    busy.current = true;
    setOutcome(null);
    setProgress({ share: 0, words: file ? "Reading the file" : "Asking Stripe" });
    let last: Outcome = { problem: NO_ANSWER };
    try {
      const response = await fetch(`${address}?${new URLSearchParams(parameters)}`, {
        method: "POST",
        headers: { "Content-Type": "application/octet-stream" },
        body: file,
      });
      for await (const line of linesOf(response)) {
        if ("share" in line) setProgress(line);
        else last = line;
      }
    } catch {
      last = { problem: NO_ANSWER };
    }
    setProgress(null);
    setOutcome(last);
    busy.current = false;
  }

  return { progress, outcome, start };
}

async function* linesOf(response: Response): AsyncGenerator<ImportLine> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = `${rest}${value}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as ImportLine;
  }
}
