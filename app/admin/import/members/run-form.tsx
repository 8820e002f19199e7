"use client";

import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { Button, type ButtonTone } from "@/app/_components/button";
import { useReady } from "@/app/_components/use-ready";
import { ImportOutcome } from "../import-outcome";
import { ProgressLine } from "../progress-line";
import { useImport } from "../use-import";

/**
 * A button that works through many people, shows how far it is, and draws the list anew at the end. Without a label
 * nothing is left to press, and what came of it stays to be read.
 */
export function RunForm({ label, yes, tone }: { label: string | null; yes?: string; tone?: ButtonTone }) {
  const ready = useReady();
  const router = useRouter();
  const { progress, outcome, start } = useImport("/admin/import/members/run");
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    await start(null, yes === undefined ? {} : { yes });
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      {label !== null && (
        <div>
          <Button {...(tone && { tone })} disabled={!ready || progress !== null}>
            {progress ? "Working …" : label}
          </Button>
        </div>
      )}
      <ProgressLine progress={progress} label="Share of the readers done" />
      {outcome && <ImportOutcome outcome={outcome} />}
    </form>
  );
}
